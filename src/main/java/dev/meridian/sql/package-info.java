/// The bridge to PostgreSQL ([Sql]): reads on this Region's reader, writes on the global writer, the command
/// `migrate` ([Migration]) with the privileges of the roles, and TLS, log-in and configuration of both pools.
/// Only repositories call it; `recovery`, which observes changes of the writer; and `reconcile`, for TLS and
/// tokens.
///
/// Calls `aws`, `sqlpool`, `telemetry` and `shared`; never `dynamo`.
package dev.meridian.sql;
