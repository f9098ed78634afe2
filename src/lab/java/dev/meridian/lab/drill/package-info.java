/// A scripted failover under steady load, measured: RTO, RPO, lag and latency, as text, HTML and JSON.
///
/// Nobody calls it but the root. It calls `fault`, `cluster` for events, and `page` for its files.
package dev.meridian.lab.drill;
