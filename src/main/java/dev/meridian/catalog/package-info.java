/// The catalog: products, tags, stock, search. Owns the PostgreSQL tables `products`, `tags` and
/// `stock_changes`, and the DynamoDB table `catalog-journal`; orders take from `products.stock`. `cart`,
/// `order`, `checkout`, `recovery` and `web` may call this package.
///
/// Reads go to the reader of the Region and may lag. Changes go to the writer, and fail while it cannot be
/// reached. A product is one row, its tags included, so of two concurrent changes one remains, never a
/// mixture. Each change is first an entry of `catalog-journal`, and is answered when the entry has what SQL
/// decided, so a new writer that lacks it gets it again. Prices stay in memory for a few seconds, and for as
/// long as PostgreSQL cannot be read.
package dev.meridian.catalog;
