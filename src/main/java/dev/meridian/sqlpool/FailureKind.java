package dev.meridian.sqlpool;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;

/// What a failed statement says about the server. SQLSTATEs: PostgreSQL manual, appendix A.
enum FailureKind {
    /// The server works and rejected this statement. The caller handles the error.
    REFUSED,
    /// The statement was rolled back for a transient reason, and may run again at once.
    TRANSIENT,
    /// The server ended the statement, at its time limit or because somebody cancelled it; nothing was done.
    CANCELLED,
    /// The server takes no writes; nothing was done.
    READ_ONLY,
    /// The server ends or has ended the connection, or the network has. Whether the statement was carried out is
    /// unknown.
    CONNECTION_LOST;

    private static final String CACHED_PLAN = "cached plan must not change result type";

    /// @param open whether the connection is still open: then a failure that the client itself reports, such as a
    ///     parameter of the wrong type, says nothing about the server
    static FailureKind of(Throwable failure, boolean open) {
        return switch (failure) {
            case PgException e when e.getSqlState() != null -> of(e);
            case Endpoint.NoCredentials _ -> REFUSED;
            // How the client reports a broken connection, and how the network does.
            case VertxException _ -> CONNECTION_LOST;
            case IOException _ -> CONNECTION_LOST;
            default -> open ? REFUSED : CONNECTION_LOST;
        };
    }

    private static FailureKind of(PgException e) {
        return switch (e.getSqlState()) {
            // read_only_sql_transaction
            case "25006" -> READ_ONLY;
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
            case "57P01", "57P02", "57P03", "57P05" -> CONNECTION_LOST;
            // query_canceled
            case "57014" -> CANCELLED;
            // serialization_failure (also: conflict with recovery on a standby), deadlock_detected
            case "40001", "40P01" -> TRANSIENT;
            // a schema change made a prepared statement stale; the client has forgotten it by now
            case "0A000" -> CACHED_PLAN.equals(e.getErrorMessage()) ? TRANSIENT : REFUSED;
            default -> e.getSqlState().startsWith("08") ? CONNECTION_LOST : REFUSED;
        };
    }
}
