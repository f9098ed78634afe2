/// The faults of the lab. [Fault] lists them, [Faults] injects and undoes them.
///
/// `drill` and `page` call this package. It calls `cluster` and `replication`.
package dev.meridian.lab.fault;
