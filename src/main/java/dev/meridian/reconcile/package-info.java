/// The command `reconcile`: compares two databases of Meridian, for example a restored snapshot of an old SQL
/// writer with the new one. Owns no table, writes nothing, and needs no running service, only two addresses. No
/// other package may call it; `Commands` runs it.
///
/// Both sides are read in one read-only transaction each, through cursors in the order of the primary key, and
/// merged, so memory does not grow with the tables. Values are compared as PostgreSQL's text of them.
///
/// Calls `sql`, for TLS and IAM tokens, `aws`, for their credentials, and `shared`.
package dev.meridian.reconcile;
