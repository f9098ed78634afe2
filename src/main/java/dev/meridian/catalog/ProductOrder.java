package dev.meridian.catalog;

/// How a list of products is sorted; ties are sorted by id.
public enum ProductOrder {
    /// By name, upper and lower case alike.
    NAME,
    /// The cheapest first.
    PRICE_ASC,
    /// The most expensive first.
    PRICE_DESC;

    /// The order a client asked for: `price_asc`, `price_desc`; anything else, null included, is by name.
    public static ProductOrder of(String value) {
        return switch (value) {
            case "price_asc" -> PRICE_ASC;
            case "price_desc" -> PRICE_DESC;
            case null, default -> NAME;
        };
    }
}
