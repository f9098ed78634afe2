/// The catalog: products, tags, stock, search. Owns the PostgreSQL tables `products`, `tags` and
/// `stock_changes`; orders take from `products.stock`.
///
/// Reads go to the reader of the Region and may lag; changes go to the writer, so only where that can be
/// reached. A product is one row, its tags included, so two changes of it at once end as one of them, never
/// as a mixture. What it costs is kept in memory for a few seconds, and for as long as PostgreSQL cannot be
/// read.
package dev.meridian.catalog;
