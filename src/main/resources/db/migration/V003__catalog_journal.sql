-- When administrators changed a product and named a tag, by the clock of the writer; null: before this migration. After a
-- failover lost changes are applied again from the table catalog-journal: each of these columns says which are too old.
ALTER TABLE products
    ADD COLUMN put_at       timestamptz, -- the last PUT
    ADD COLUMN stock_set_at timestamptz; -- the last PUT that set the stock; it replaces all earlier changes of it
ALTER TABLE tags ADD COLUMN named_at timestamptz;
