/// The live page of the lab: a server on loopback, the state as server-sent events, fault buttons, runbooks.
///
/// `drill` uses its files. This package calls `fault`, `check` and `client`.
package dev.meridian.lab.page;
