/// Checkouts. Owns the DynamoDB table `checkouts`: one item for each customer, key `customerId`, deleted by
/// DynamoDB after `expiresAt`; any Region may write. Only `web` may call this package.
///
/// Each update makes a new checkout with an id of its own and replaces the one before in one put. A submit
/// reads the checkout in one read and takes the order under that id. So each checkout is ordered at most once,
/// however often and wherever it is submitted, and no state has to be written afterwards. An update during a
/// submit does not change that order; it is a new checkout, and its submit is a second order.
///
/// Address, e-mail, shipping and tax are fixed when the checkout is made, so that a second submit is the same request.
/// Prices are not: the order has the prices of its own moment.
///
/// Consistency: reads are strongly consistent in their Region. Under MREC a customer who changes Region within
/// the replication lag may read the checkout before the last update; when a Region is lost, so are the updates
/// that it had not replicated. MRSC has no TTL, so this table cannot use it.
package dev.meridian.checkout;
