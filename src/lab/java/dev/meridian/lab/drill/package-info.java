/// A scripted failover under steady load that reports RTO, RPO, lag and latency as text, HTML and JSON.
///
/// Only the root calls this package. It calls `fault`, `cluster` for events, and `page` for its files.
package dev.meridian.lab.drill;
