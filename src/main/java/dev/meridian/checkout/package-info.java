/// Checkouts. Owns the DynamoDB table `checkouts`: one item for each customer, key `customerId`, deleted by
/// DynamoDB after `expiresAt`; any Region may write.
///
/// Each update makes a new checkout with an id of its own and replaces the one before, whole, in one put. A
/// submit reads the checkout, complete and as of one moment, and takes the order under that id: so each
/// checkout is ordered at most once, however often and wherever it is submitted, and no state has to be written
/// afterwards that could be lost. An update that meets a submit changes nothing of the order that is being
/// taken; it is a new checkout, and submitting that one is a second order.
///
/// What an order depends on (address, e-mail, shipping, tax) is fixed when the checkout is made, so that a
/// second submit is the same request. Prices are the exception: the order has those of its moment.
///
/// Consistency: reads are strongly consistent in their Region. Under MREC a customer who changes Region within
/// the replication lag may meet the checkout before the last update; when a Region is lost, so are the updates
/// that it had not replicated. MRSC has no TTL, so this table cannot use it.
package dev.meridian.checkout;
