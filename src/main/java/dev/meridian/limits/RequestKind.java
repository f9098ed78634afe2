package dev.meridian.limits;

import io.vertx.core.http.HttpMethod;
import java.util.Set;

/// What a request asks for, and what that costs. Endpoints are not known yet when a request is counted, so the
/// method and the path decide.
enum RequestKind {
    /// Assets and the health of the Region.
    FREE(null, 0),
    /// A read of one thing, and whatever has no endpoint.
    READ(Policy.REQUESTS, 1),
    /// A list, a search, a page of several lists.
    LIST(Policy.REQUESTS, 5),
    WRITE(Policy.REQUESTS, 5),
    LIKE(Policy.LIKES, 1),
    ORDER(Policy.ORDERS, 1),
    TICKET(Policy.TICKETS, 1),
    SCORE(Policy.SCORES, 1),
    /// Asks the OpenID provider.
    SIGN_IN(Policy.SIGN_INS, 1),
    /// Needs an admin token. Who has none is guessing one.
    ADMIN(Policy.SIGN_INS, 1);

    private static final Set<String> LISTS = Set.of(
            "/",
            "/home",
            "/status",
            "/topology",
            "/catalog",
            "/catalog/products",
            "/catalog/search",
            "/catalog/size",
            "/catalog/tags",
            "/catalogue",
            "/catalogue/size",
            "/catalogue/tags",
            "/mysfits",
            "/leaderboard",
            "/LATEST/builder",
            "/orders",
            "/v1/orders",
            "/ticket",
            "/tickets");

    private final Policy policy;
    private final int cost;

    RequestKind(Policy policy, int cost) {
        this.policy = policy;
        this.cost = cost;
    }

    /// Null when the request is not counted.
    Policy policy() {
        return policy;
    }

    int cost() {
        return cost;
    }

    /// The kind of a request.
    ///
    /// @param path normalized: decoded where that changes nothing, without dots and double slashes
    static RequestKind of(HttpMethod method, String path) {
        var plain = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (plain.startsWith("/assets/") || plain.equals("/health")) return FREE;
        if (plain.equals("/admin") || plain.startsWith("/admin/")) return ADMIN;
        if (isUnder("/sign-in", plain)) return SIGN_IN;
        boolean isRead = method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.OPTIONS;
        return isRead ? read(plain) : write(plain);
    }

    private static RequestKind read(String path) {
        if (LISTS.contains(path) || path.startsWith("/leaderboard/players/")) return LIST;
        return path.startsWith("/carts/") && path.endsWith("/merge") ? WRITE : READ;
    }

    private static RequestKind write(String path) {
        if (path.startsWith("/mysfits/")) return path.endsWith("/like") ? LIKE : WRITE;
        if (path.startsWith("/checkout/")) {
            return path.endsWith("/submit") || path.equals("/checkout/payment") ? ORDER : WRITE;
        }
        if (path.equals("/orders") || path.equals("/v1/orders")) return ORDER;
        if (isUnder("/ticket", path) || isUnder("/tickets", path)) return TICKET;
        if (path.equals("/leaderboard/import")) return ADMIN;
        if (isUnder("/leaderboard", path) || isUnder("/LATEST", path)) return SCORE;
        return path.startsWith("/catalog/products/") || path.equals("/v1/fill") ? ADMIN : WRITE;
    }

    private static boolean isUnder(String root, String path) {
        return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
    }
}
