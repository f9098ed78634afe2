package dev.meridian.sqlpool;

import io.vertx.pgclient.PgException;

/// What a failed statement says about the server. SQLSTATEs: PostgreSQL manual, appendix A.
enum Fault {
    /// The server did its work and refused this statement: the caller's business.
    ANSWER,
    /// The statement was rolled back for a passing reason and may run again at once.
    PASSING,
    /// The server does not take writes (any more); nothing was done.
    READ_ONLY,
    /// The server is going away or gone; whether the statement was carried out is unknown.
    GONE;

    private static final String CACHED_PLAN = "cached plan must not change result type";

    static Fault of(Throwable failure) {
        if (!(failure instanceof PgException e) || e.getSqlState() == null) return GONE;
        return switch (e.getSqlState()) {
            // read_only_sql_transaction
            case "25006" -> READ_ONLY;
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
            case "57P01", "57P02", "57P03", "57P05" -> GONE;
            // serialization_failure (also: conflict with recovery on a standby), deadlock_detected
            case "40001", "40P01" -> PASSING;
            // a schema change made a prepared statement stale; the client has forgotten it by now
            case "0A000" -> CACHED_PLAN.equals(e.getErrorMessage()) ? PASSING : ANSWER;
            default -> e.getSqlState().startsWith("08") ? GONE : ANSWER;
        };
    }
}
