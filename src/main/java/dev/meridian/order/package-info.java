/// Orders: take, read, list, cancel, settle. Owns the SQL tables `orders` and `order_lines`, takes stock of
/// `products` and gives it back. Any Region may take orders. `checkout`, `recovery` and `web` may call this
/// package.
///
/// An order is durable once it is in the `journal` of the Region that took it. The SQL writer decides whether it
/// is confirmed: the first row under the order's id decides for every retry and every Region. See
/// docs/adr/0003-journal-by-order-id.md.
///
/// | Use case | Class |
/// |---|---|
/// | take | [OrderPlacement], with [OrderPricing], [GuestUnits], [OrderAdmission] and [OrderSettlement] |
/// | read, with what happened, list | [OrderReader], [OrderHistory] |
/// | cancel | [OrderCancellation] |
/// | settle an open journal entry | [OrderSettlement], with [OrderAdmission] |
/// | compare closed journal entries with SQL | [OrderRecheck] |
///
/// [OrderService] is the face for all features, [OrderRecoveryService] the one for `recovery`. [OrderPayload]
/// maps orders to journal entries and back, [OrderView] to the JSON of the API.
package dev.meridian.order;
