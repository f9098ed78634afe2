/// Clients that use the store as customers do, at a rate, with retries; and [History], which keeps what they asked for
/// and were told.
///
/// `check` compares the history, `page` shows its sums. It calls `cluster` and `replication`.
package dev.meridian.lab.client;
