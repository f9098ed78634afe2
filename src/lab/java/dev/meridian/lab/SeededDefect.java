package dev.meridian.lab;

/// Deliberate defects. Each loses something that was acknowledged to a client, and the checker must report it.
public enum SeededDefect {
    NOTHING("All as it should be"),
    SINGLE_LIKE_COUNTER("All likes of a subject go to one item that both Regions write"),
    JOURNAL_OFF("Order entries are acknowledged by DynamoDB and not stored"),
    NO_LAST_WRITER_WINS("The replicator applies every change as it comes, without looking at times"),
    REPLICATOR_DROPS("The replicator forgets some changes"),
    NO_RECOVERY("Nobody settles open orders or checks a new SQL writer"),
    CHECKOUTS_NEVER_THE_SAME("A checkout has another id each time it is read"),
    ADOPTIONS_FORGOTTEN("DynamoDB acknowledges that a mysfit is adopted and does not store it"),
    JOURNAL_DEARER("The journal stores each order with another tax than SQL");

    private final String explanation;

    SeededDefect(String explanation) {
        this.explanation = explanation;
    }

    String explanation() {
        return explanation;
    }
}
