/// Carts. Owns the DynamoDB table `carts`: one item for each line, key `customerId` and `productId`; any Region
/// may write. Only `web` may call this package.
///
/// A write is one call with its rule as a condition: an add is an `ADD` up to the largest quantity, a set is
/// absolute. A merge moves each line in one transaction that adds to one cart what it deletes from the other.
/// So it may stop halfway, run twice or race with other writes: every unit is in exactly one of the two carts.
///
/// A line has the catalog's price at its last write. A read does not ask the catalog, so it is one round
/// trip. Only a checkout makes prices binding, and asks the catalog again.
///
/// The number of lines of a cart has no limit: a count would be a second item that all writes of a cart
/// contend for, and that two Regions would overwrite for each other. Every answer is bounded instead: a read
/// returns one page of lines (`meridian.cart.lines-max`) and a `Link` to the next.
///
/// Consistency: reads are strongly consistent in their Region. Under MREC two Regions that write the same line
/// within the replication lag end with the later write of that line; different lines never interfere. When a
/// Region is lost, so are the writes that it had not replicated, usually those of the last second. MRSC has no
/// transactions, so this table cannot use it.
package dev.meridian.cart;
