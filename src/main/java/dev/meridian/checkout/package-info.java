/// Checkouts. Owns the DynamoDB table `checkouts`: one item for each customer, key `customerId`, deleted by
/// DynamoDB after `expiresAt`; any Region may write. Only `web` may call this package.
///
/// Each update makes a new checkout with an id of its own and replaces the one before in one put. A submit
/// reads the checkout in one read and takes the order under that id. So each checkout is ordered at most once,
/// however often and wherever it is submitted, and no state has to be written afterwards. An update during a
/// submit does not change that order; it is a new checkout, and its submit is a second order.
///
/// **What was agreed is what is charged.** Everything of a checkout is fixed when it is made: address, e-mail,
/// prices, shipping and tax. So two submits of it, in whichever Regions, are the same request at the same total. For
/// `meridian.checkout.price-hold` the catalog is not asked again. After that a submit compares the prices; if
/// one changed and the checkout is not ordered yet, a new checkout replaces it, and nothing is ordered. A submit
/// that is under way when the hold ends may still take its order, while a concurrent one is told of the new total.
///
/// **Which checkout.** A submit that names its checkout orders that one or nothing: the id must be the one in the
/// replica that answers. So a retry in a Region that has an older checkout, or none, is a 409 or 404 and never an
/// order of the older one. A submit that names nothing orders the checkout that its Region has.
///
/// Consistency: reads are strongly consistent in their Region. Under MREC a customer who changes Region within
/// the replication lag may read the checkout before the last update; when a Region is lost, so are the updates
/// that it had not replicated. MRSC has no TTL, so this table cannot use it.
package dev.meridian.checkout;
