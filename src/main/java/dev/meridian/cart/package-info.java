/// Carts. Owns the DynamoDB table `carts`: an item for each line and Region, key `customerId` and
/// `productRegion`; any Region may write, each its own items. Only `web` may call this package.
///
/// | Class | What |
/// |---|---|
/// | [LineState], [LineEdit] | a line as the edits that are known of it; pure |
/// | [Cart], [LinePart] | a cart as it was read |
/// | [LineMove] | the move of a line to another cart; pure |
/// | [CartEditor], [CartMover] | read, change, write if nothing changed meanwhile |
/// | [CartRules] | the bounds |
///
/// A line is what its edits make in the order of their times, whichever Regions made them ([ADR
/// 13](../../../../../../docs/adr/0013-carts-over-regions.md)). An add, a set, a removal and a payment are
/// one read of the cart and one write of this Region's item of the line, with its version as the condition.
///
/// A line has the catalog's price at its last write. A read does not ask the catalog, so it is one round
/// trip. Only a checkout makes prices binding, and asks the catalog again.
///
/// Consistency: reads are strongly consistent in their Region. When a Region is lost, so are the edits that
/// it had not replicated, usually those of the last second. MRSC has no transactions, so this table cannot
/// use it.
package dev.meridian.cart;
