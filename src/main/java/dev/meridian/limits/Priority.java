package dev.meridian.limits;

/// Who goes first while the process is behind. A class is admitted while fewer requests are under way than its share
/// of the limit, so each class leaves room for those before it. The names are labels of metrics, in lower case.
enum Priority {
    /// Health, assets, calls of administrators, imports: neither refused nor counted, since few make them, they take
    /// long by nature, or they are what an operator needs now.
    ALWAYS(0),
    /// What an order needs from its checkout to its payment, and reads of one order.
    ORDER(100),
    /// Reads and writes of one thing: carts, likes, products, tickets.
    ITEM(75),
    /// Lists, searches and pages of several lists.
    LIST(50);

    private final int percent;

    Priority(int percent) {
        this.percent = percent;
    }

    /// How many requests may be under way for one of this class to be admitted, rounded up.
    int share(int limit) {
        return (limit * percent + 99) / 100;
    }

    /// The class of a request.
    ///
    /// @param path as for [RequestKind#of]
    static Priority of(RequestKind kind, String path) {
        return switch (kind) {
            case FREE, ADMIN -> ALWAYS;
            case LIST -> LIST;
            case ORDER -> ORDER;
            default -> path.startsWith("/checkout") || path.startsWith("/orders/") ? ORDER : ITEM;
        };
    }
}
