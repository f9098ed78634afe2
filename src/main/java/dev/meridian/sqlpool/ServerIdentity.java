package dev.meridian.sqlpool;

import io.vertx.sqlclient.Row;
import java.time.Duration;

/// What a server says about itself: one simple query, so one round trip, that any role may run.
///
/// `pg_control_checkpoint()` would also name the timeline, but only as of the last checkpoint, which a fresh
/// primary has not made yet. The name of the current WAL file begins with the timeline and is right from the
/// first moment; the function fails on a standby, hence the CASE.
///
/// @param writable not in recovery and not read-only by default
/// @param system the identifier every copy of one database cluster shares; empty where the server does not tell
/// @param timeline counts promotions; 0 where the server has none (in recovery, Aurora)
/// @param server address and port of the server itself, whatever name or proxy led there; empty when unknown
record ServerIdentity(boolean writable, String system, long timeline, String server) {
    private static final String WITH_TIMELINE = """
            SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
                   CASE WHEN to_regproc('aurora_version') IS NULL
                        THEN (SELECT system_identifier::text FROM pg_control_system()) END AS system,
                   CASE WHEN NOT pg_is_in_recovery() AND to_regproc('aurora_version') IS NULL
                        THEN pg_walfile_name(pg_current_wal_lsn()) END AS wal_file,
                   coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '') AS server,
                   set_config('statement_timeout', '%d', false)""";

    private static final String PLAIN = """
            SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
                   NULL::text AS system,
                   NULL::text AS wal_file,
                   coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '') AS server,
                   set_config('statement_timeout', '%d', false)""";

    private static final int TIMELINE_DIGITS = 8;
    private static final int HEX = 16;

    /// @param statementTimeout after which the server itself gives up, so that a statement nobody waits for any
    ///     more does not hold its locks
    /// @param timelines false where the server has none or keeps them from ordinary roles
    static String query(Duration statementTimeout, boolean timelines) {
        return (timelines ? WITH_TIMELINE : PLAIN).formatted(statementTimeout.toMillis());
    }

    static ServerIdentity of(Row row) {
        var system = row.getString("system");
        var walFile = row.getString("wal_file");
        return new ServerIdentity(
                row.getBoolean("writable"),
                system == null ? "" : system,
                walFile == null ? 0 : Long.parseLong(walFile.substring(0, TIMELINE_DIGITS), HEX),
                row.getString("server"));
    }
}
