package dev.meridian.session;

import jakarta.enterprise.context.RequestScoped;

/// The visitor of the current page, an anonymous customer. [CustomerIds] is the counterpart for APIs.
@RequestScoped
public class Visitor {
    private String customerId;
    private boolean known;

    /// The customer's id; the same for the same browser, in every Region. It gives access to the visitor's cart, so a
    /// page must never contain it.
    public String customerId() {
        if (customerId == null) throw new IllegalStateException("Not a page: @HtmlPage is missing");
        return customerId;
    }

    /// Whether the browser came with a cookie, so that it may have a cart or orders.
    public boolean isKnown() {
        return known;
    }

    void is(String id, boolean wasHere) {
        customerId = id;
        known = wasHere;
    }
}
