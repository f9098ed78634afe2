/// Orders. Owns the DynamoDB table `order-journal` and the SQL tables `orders` and `order_lines`, and takes and
/// gives back the stock of `products`.
///
/// An order is durable once it is in the journal of the Region that took it; the SQL writer decides what
/// becomes of it, and the first row under the order's id decides for every retry and every Region. Any Region
/// may take orders. See docs/adr/0003-journal-by-order-id.md.
package dev.meridian.order;
