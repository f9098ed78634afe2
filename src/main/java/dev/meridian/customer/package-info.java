/// Customers: profile and addresses, and what addresses have to have. Owns the DynamoDB table `customers`; any
/// Region may write. `order`, `checkout` and `web` may call this package.
///
/// A customer is one item, always written as a whole. Under MREC two Regions that write one customer within the
/// replication lag end with the later write.
package dev.meridian.customer;
