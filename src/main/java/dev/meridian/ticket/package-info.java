/// Support tickets. Owns the DynamoDB tables `tickets` and `ticket-changes`; any Region may write.
///
/// A creation is one conditional put of an immutable id. A change is conditional on what its Region has of the ticket,
/// and is an item of its own that nobody overwrites. The ticket is what its changes make: two Regions that change one
/// ticket within the replication lag keep both changes, and the later one decides the state. The item in `tickets` is
/// what the list shows; a read or change of the ticket repairs it.
package dev.meridian.ticket;
