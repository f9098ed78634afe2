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
    JOURNAL_DEARER("The journal stores each order with another tax than SQL"),
    CANCELLED_AS_CONFIRMED("The journal closes a cancelled order as confirmed"),
    REPORT_FORGETS("Orders that a new writer lacks are replayed and not reported"),
    CART_KEYS_FORGOTTEN("A cart line does not know the keys of its edits"),
    ONE_CART_ITEM("Both Regions write one item for a line of a cart"),
    RESTOCKS_TWICE("A restock is added each time that it is asked for, whatever its key"),
    CANCELLED_KEEPS_STOCK("A cancelled order does not give its units back"),
    CHANGES_FORGOTTEN("A change of a product is acknowledged and not stored"),
    CHANGES_NOT_REPLAYED("Changes of products that a new writer lacks are not applied again"),
    ADOPTIONS_NOT_RESTORED("Adoptions that a new writer lacks are not made again"),
    TICKET_CHANGES_FORGOTTEN("DynamoDB acknowledges a change of a ticket and does not store it");

    private final String explanation;

    SeededDefect(String explanation) {
        this.explanation = explanation;
    }

    String explanation() {
        return explanation;
    }
}
