/// What can happen to the lab and how it is undone. [Fault] names it, [Faults] does it.
///
/// `drill` and `page` call it. It calls `cluster` and `replication`.
package dev.meridian.lab.fault;
