/// The order journal: a write-ahead log of orders. Owns the DynamoDB table `order-journal`, one item for each
/// order, key `orderId`. [JournalService] is its face; `order` and `recovery` may call it.
///
/// An entry is open (`ACCEPTED`) until SQL has decided about its order; then it is closed. The journal knows
/// the customer, the idempotency key and the state of the order. What was ordered is the payload: text that
/// only `order` reads.
///
/// | Who | does what |
/// |---|---|
/// | `order` | writes an entry before it writes to SQL, and closes it after |
/// | `recovery` | finds entries through the indexes: open ones, ones closed lately, ones that a failover lost |
///
/// A request to cancel an order that SQL cannot cancel yet is an item of its own ([CancelRequestRepository]). What
/// happened to an order is in attributes of its entry ([EventAttributes]).
///
/// Any Region may write, with conditional writes of single items only. The key is the order's id (ADR 3), so two
/// Regions that take one order write one item. Reads by id are strongly consistent in their Region; reads through
/// an index are eventually consistent. How the stored format changes: docs/data.md.
package dev.meridian.journal;
