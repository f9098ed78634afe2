/// The bridge to PostgreSQL ([Sql]): reads on this Region's reader, writes on the global writer, the command
/// `migrate` ([Migration]) with the privileges of the roles, and TLS, log-in and configuration of both pools.
/// Repositories call it; `recovery` and `region`, which ask what this process knows of the writer; `reconcile`,
/// for TLS and tokens; and the entry point, for `migrate`.
///
/// Calls `aws`, `sqlpool`, `telemetry` and `shared`; never `dynamo`.
package dev.meridian.sql;
