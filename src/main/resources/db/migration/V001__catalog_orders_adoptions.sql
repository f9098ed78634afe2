-- Expand, then contract: versions n and n+1 of the service must both run on any state of this schema.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- catalog -------------------------------------------------------------------------------------------------------------
CREATE TABLE products (
    id          text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._:@-]{1,128}$'),
    name        text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    description text        NOT NULL DEFAULT '' CHECK (char_length(description) <= 4000),
    price_minor bigint      NOT NULL CHECK (price_minor BETWEEN 0 AND 100000000000), -- minor units of the currency
    stock       integer CONSTRAINT products_stock_not_negative CHECK (stock >= 0),     -- null = unlimited
    image_url   text        NOT NULL DEFAULT '',
    tags        text[]      NOT NULL DEFAULT '{}', -- names of tags, sorted; in the row, so that a product changes as a whole
    updated_at  timestamptz NOT NULL DEFAULT now(),
    document    tsvector GENERATED ALWAYS AS
        (setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', description), 'B')) STORED
);
CREATE TABLE tags (
    name         text PRIMARY KEY CHECK (char_length(name) BETWEEN 1 AND 64),
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 100)
);
-- Every restock by its key: a repeated one finds its row here and adds nothing.
CREATE TABLE stock_changes (
    product_id text        NOT NULL,
    change_key text        NOT NULL CHECK (char_length(change_key) BETWEEN 1 AND 255),
    added      integer     NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (product_id, change_key)
);
CREATE INDEX products_by_name ON products (lower(name), id);
CREATE INDEX products_by_price ON products (price_minor, id);
CREATE INDEX products_by_tag ON products USING gin (tags);
CREATE INDEX products_full_text ON products USING gin (document);
CREATE INDEX products_trigrams ON products USING gin (name gin_trgm_ops, description gin_trgm_ops);

-- order ---------------------------------------------------------------------------------------------------------------
-- The primary key makes an order one, however often and in however many Regions it is carried out: the first row under an
-- id decides, also when that row says REJECTED.
CREATE TABLE orders (
    id              text PRIMARY KEY CHECK (char_length(id) = 26), -- derived from customer and idempotency key
    customer_id     text        NOT NULL,
    idempotency_key text        NOT NULL,
    payload_hash    text        NOT NULL,
    status          text        NOT NULL CHECK (status IN ('CONFIRMED', 'REJECTED', 'CANCELLED')),
    reason          text,                                            -- why it was rejected
    region          text        NOT NULL,                            -- where it was taken
    created_at      timestamptz NOT NULL,                            -- when it was taken
    confirmed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),  -- when this row was written
    shipping        jsonb,                                           -- the shipping address; null when nothing is sent
    subtotal_minor  bigint      NOT NULL CHECK (subtotal_minor >= 0),
    shipping_minor  bigint      NOT NULL DEFAULT 0 CHECK (shipping_minor >= 0),
    tax_minor       bigint      NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
    prices_as_of    timestamptz                                      -- set when the prices came from a process's memory
);
CREATE INDEX orders_by_customer ON orders (customer_id, created_at DESC, id DESC);
CREATE INDEX orders_by_confirmation ON orders (confirmed_at);

-- Rejected orders keep their lines too, so that a reader sees what was wanted. A line of a confirmed order names the
-- product whose stock it took: the foreign key rejects an order for a product that this database does not have.
CREATE TABLE order_lines (
    order_id   text    NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line       integer NOT NULL CHECK (line >= 1),
    product_id text    NOT NULL,
    taken_from text REFERENCES products (id) CHECK (taken_from = product_id),
    from_stock boolean NOT NULL DEFAULT false, -- whether it took stock, to be given back when it is cancelled
    name       text    NOT NULL DEFAULT '',
    quantity   integer NOT NULL CHECK (quantity >= 1),
    unit_minor bigint  NOT NULL CHECK (unit_minor >= 0),
    PRIMARY KEY (order_id, line)
);
CREATE INDEX order_lines_by_product ON order_lines (product_id);

-- mysfit --------------------------------------------------------------------------------------------------------------
-- An adoption is a unique claim, so one row decides it.
CREATE TABLE adoptions (
    mysfit_id  text PRIMARY KEY,
    region     text        NOT NULL,
    adopted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
