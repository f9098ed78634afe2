/// Support tickets. Owns the DynamoDB table `tickets`; any Region may write.
///
/// A creation is one conditional put of an immutable id, a change is conditional on the version. Under MREC
/// two Regions that change one ticket within the replication lag end with the later change; creations are
/// never lost.
package dev.meridian.ticket;
