package dev.meridian.lab.check;

/// The kinds of broken promises.
public enum Violation {
    NOT_CONVERGED,
    LIKE_LOST,
    LIKE_INVENTED,
    ORDER_LOST,
    ORDER_TWICE,
    ORDER_CHANGED,
    ORDER_NOT_REPORTED,
    ORDER_MISREPORTED,
    JOURNAL_WRONG,
    STOCK_WRONG,
    CART_WRONG,
    CHECKOUT_WRONG,
    ADOPTION_LOST,
    ADOPTION_WRONG,
    SCORE_LOST,
    SCORE_TWICE,
    TICKET_LOST,
    TICKET_TWICE,
    READ_WRONG,
    BUG_SHOWN,
    REGIONS_DIFFER
}
