package dev.meridian.session;

import jakarta.enterprise.context.RequestScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The visitor of the current page: an anonymous customer, or one who has signed in. [CustomerIds] is the counterpart
/// for APIs.
@RequestScoped
public class Visitor {
    private String customerId;
    private boolean known;
    private boolean isSignedIn;
    private boolean isLeaving;
    private SessionToken begun;
    private final List<String> cookies = new ArrayList<>();

    /// The customer's id; the same for the same browser, in every Region. That of a guest gives access to its cart, so
    /// a page must never contain it.
    public String customerId() {
        if (customerId == null) throw new IllegalStateException("Not a page: @HtmlPage is missing");
        return customerId;
    }

    /// Whether the browser came with a cookie, so that it may have a cart or orders.
    public boolean isKnown() {
        return known;
    }

    /// Whether the visitor is a customer who has signed in; nobody is where there is no page.
    public boolean isSignedIn() {
        return isSignedIn;
    }

    void is(String id, boolean wasHere) {
        customerId = id;
        known = wasHere;
        isSignedIn = wasHere && !Sessions.isVisitor(id);
    }

    /// Gives the browser another session with the answer.
    void signIn(SessionToken session) {
        is(session.customerId(), true);
        begun = session;
    }

    Optional<SessionToken> begun() {
        return Optional.ofNullable(begun);
    }

    /// Sends another cookie with the answer.
    void keep(String cookie) {
        cookies.add(cookie);
    }

    List<String> cookies() {
        return cookies;
    }

    /// Lets the answer lead to another site.
    void leave() {
        isLeaving = true;
    }

    boolean isLeaving() {
        return isLeaving;
    }
}
