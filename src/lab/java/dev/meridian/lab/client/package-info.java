/// Clients that use the store like customers, at a fixed rate, with retries; and [History], the record of their
/// requests and responses.
///
/// `check` compares the history, `page` shows its sums. This package calls `cluster` and `replication`.
package dev.meridian.lab.client;
