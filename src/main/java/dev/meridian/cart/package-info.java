/// Carts. Owns the DynamoDB table `carts`: one item for each line, key `customerId` and `productId`; any Region
/// may write.
///
/// A write is one call that states its rule as a condition: an add is an `ADD` bound by the largest quantity, a
/// set is absolute. A merge moves each line in one transaction that adds to the one cart what it deletes from
/// the other, so it may die, run twice or meet other writes, and every unit is in exactly one of the two carts
/// at any time.
///
/// A line has the price that the catalog gave at its last write; a read does not ask the catalog, so that it is
/// one round trip. Prices are binding only in a checkout, which asks again.
///
/// The lines of a cart are not counted: a count would be a second item that all writes of a cart contend for,
/// and that two Regions would overwrite for each other. What is bounded is every answer: a read gives one page
/// of lines (`meridian.cart.lines-max`) and a `Link` to the next.
///
/// Consistency: reads are strongly consistent in their Region. Under MREC two Regions that write the same line
/// within the replication lag end with the later write of that line; different lines never interfere. When a
/// Region is lost, so are the writes that it had not replicated, usually those of the last second. MRSC has no
/// transactions, so this table cannot use it.
package dev.meridian.cart;
