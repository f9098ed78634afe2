package dev.meridian.ticket;

/// An item of `tickets`: who created the ticket, and its state after the last change that its writer knew. The list
/// shows it.
///
/// @param requestHash of the request that created it
/// @param ownerId who called then, else who says to have created it; null in an item of an older version
/// @param changeKey the key of that change; null in an item without changes
/// @param changeVersion the version of the item when it got that key: differs from the ticket's when a version of
///     the service that keeps no changes has written it since
record StoredTicket(Ticket ticket, String requestHash, String ownerId, String changeKey, long changeVersion) {
    /// The state in the item as a change.
    StoredChange change() {
        boolean isOfKey = changeKey != null && changeVersion == ticket.version();
        return StoredChange.of(isOfKey ? changeKey : StoredChange.unknownKey(changeKey, ticket.version()), ticket);
    }
}
