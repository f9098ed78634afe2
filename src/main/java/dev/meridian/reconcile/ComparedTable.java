package dev.meridian.reconcile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The tables that are compared: their keys and columns in the order in which they are read. The byte order of the keys
/// (`COLLATE "C"`) is the same in every database, whatever its locale.
enum ComparedTable {
    PRODUCTS("products", 1, "", "id", "name", "description", "price_minor", "stock", "image_url", "tags", "updated_at"),
    ORDERS(
            "orders",
            1,
            " WHERE created_at >= ?",
            "id",
            "customer_id",
            "idempotency_key",
            "payload_hash",
            "status",
            "reason",
            "region",
            "created_at",
            "confirmed_at",
            "shipping",
            "subtotal_minor",
            "shipping_minor",
            "tax_minor",
            "prices_as_of"),
    ORDER_LINES(
            "order_lines",
            2,
            " WHERE order_id IN (SELECT id FROM orders WHERE created_at >= ?)",
            "order_id",
            "line",
            "product_id",
            "taken_from",
            "from_stock",
            "name",
            "quantity",
            "unit_minor");

    private final String table;
    private final int keys;
    private final String sinceClause;
    private final List<String> columns;

    ComparedTable(String table, int keys, String sinceClause, String... columns) {
        this.table = table;
        this.keys = keys;
        this.sinceClause = sinceClause;
        this.columns = List.of(columns);
    }

    String table() {
        return table;
    }

    List<String> columns() {
        return columns;
    }

    boolean dependsOnTime(boolean isSince) {
        return isSince && !sinceClause.isEmpty();
    }

    /// Reads all columns as text, sorted by the key.
    ///
    /// @param isSince whether the time is a parameter, see [#dependsOnTime]
    String query(boolean isSince) {
        return "SELECT " + columns.stream().map(name -> name + "::text").collect(Collectors.joining(", "))
                + " FROM " + table + (isSince ? sinceClause : "")
                + " ORDER BY " + table + "." + columns.getFirst() + " COLLATE \"C\""
                + (keys == 2 ? ", " + table + "." + columns.get(1) : "");
    }

    /// The key of a row, for messages.
    String key(String[] row) {
        return keys == 1 ? row[0] : row[0] + "/" + row[1];
    }

    /// Compares the keys of two rows.
    int compareKeys(String[] one, String[] other) {
        int first = one[0].equals(other[0]) ? 0 : compareBytes(one[0], other[0]);
        return first != 0 || keys == 1 ? first : Long.compare(Long.parseLong(one[1]), Long.parseLong(other[1]));
    }

    private static int compareBytes(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
