package dev.meridian.sqlpool;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.util.Set;

/// The identity and state of a server, read with one simple query: one round trip, and any database role may
/// run it. Where a server refuses or lacks a function of it, the short question does without system and timeline.
///
/// The timeline is the first part of the name of the current WAL file. `pg_control_checkpoint()` names the
/// timeline of the last checkpoint, and a server that was just promoted has made none yet. The CASE is there
/// because the function fails on a standby.
///
/// @param writable not in recovery and not read-only by default
/// @param system the identifier that all copies of one database cluster share; empty where the server does not
///     show it
/// @param timeline counts promotions; 0 where the server has none or hides it (in recovery, Aurora)
/// @param server its own address and port, not those of a name or proxy that led to it; empty when unknown
record ServerIdentity(boolean writable, String system, long timeline, String server) {
    static final String QUESTION = """
            SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
                   CASE WHEN to_regproc('aurora_version') IS NULL
                        THEN (SELECT system_identifier::text FROM pg_control_system()) END AS system,
                   CASE WHEN NOT pg_is_in_recovery() AND to_regproc('aurora_version') IS NULL
                        THEN pg_walfile_name(pg_current_wal_lsn()) END AS wal_file,
                   coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '') AS server""";

    static final String SHORT_QUESTION = """
            SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
                   NULL::text AS system,
                   NULL::text AS wal_file,
                   coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '') AS server""";

    private static final Set<String> UNANSWERABLE = Set.of("42501", "42883", "55000", "0A000");
    private static final int TIMELINE_DIGITS = 8;
    private static final int HEX = 16;

    /// Whether the server cannot answer the long question: insufficient_privilege, undefined_function,
    /// object_not_in_prerequisite_state (how Aurora refuses WAL functions), feature_not_supported.
    static boolean isUnanswerable(Throwable failure) {
        return failure instanceof PgException e && e.getSqlState() != null && UNANSWERABLE.contains(e.getSqlState());
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
