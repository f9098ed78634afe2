package dev.meridian.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The tables of the schema, each with the privileges that the statements of the service need on it.
/// `migrate` grants just these to the service's role, and `/health` asks for them. The migrations declare the
/// tables themselves.
public enum SqlTable {
    PRODUCTS("SELECT", "INSERT", "UPDATE"),
    TAGS("SELECT", "INSERT", "UPDATE"),
    STOCK_CHANGES("SELECT", "INSERT", "DELETE"),
    ORDERS("SELECT", "INSERT", "UPDATE"),
    ORDER_LINES("SELECT", "INSERT"),
    ADOPTIONS("SELECT", "INSERT", "UPDATE");

    /// A table expression for a FROM clause: `needed (name, privilege)`, one row for each privilege.
    public static final String NEEDED = Arrays.stream(values())
            .flatMap(table ->
                    table.privileges.stream().map(privilege -> "('%s', '%s')".formatted(table.tableName(), privilege)))
            .collect(Collectors.joining(", ", "(VALUES ", ") AS needed (name, privilege)"));

    private final List<String> privileges;

    SqlTable(String... privileges) {
        this.privileges = List.of(privileges);
    }

    private String tableName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
