/// The live page of the lab: a server on loopback, the state as server-sent events, buttons that make faults happen,
/// the runbooks.
///
/// `drill` uses its files. It calls `fault`, `check` and `client`.
package dev.meridian.lab.page;
