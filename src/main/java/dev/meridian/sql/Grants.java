package dev.meridian.sql;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/// After each migration, also one that had nothing to do: makes the roles that are configured and missing,
/// and grants the service's role what [SqlTable] says and the auditors' role SELECT. All in one transaction.
/// What a role has already is not granted again.
@Singleton
final class Grants implements FlywayConfigurationCustomizer, Callback {
    /// PostgreSQL cuts longer names off without an error.
    private static final Pattern ROLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.@-]{0,62}");

    private final SqlConfig config;

    Grants(SqlConfig config) {
        this.config = config;
    }

    @Override
    public void customize(FluentConfiguration flyway) {
        flyway.callbacks(this);
    }

    @Override
    public String getCallbackName() {
        return "grants";
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.AFTER_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        config.appRole()
                .ifPresent(role ->
                        grant(context, role, "app-role", "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE"));
        config.auditRole().ifPresent(role -> grant(context, role, "audit-role", "SELECT", "SELECT"));
    }

    /// @param privileges on the tables of today, as far as the service needs them
    /// @param later the privileges on tables that the owner makes later
    private void grant(Context context, String role, String key, String privileges, String later) {
        if (!ROLE.matcher(role).matches()) {
            throw new FlywayException(
                    "meridian.sql." + key + " must be the name of a role: a letter or _, then letters,"
                            + " digits and _ . @ -, at most 63 in all.");
        }
        try {
            var target = new Grantee(context.getConnection(), role);
            target.lock();
            if (target.isMissing()) {
                target.create();
                if (config.username().filter(role::equals).isPresent()) {
                    target.initialPassword(config.password().orElse(""));
                }
                Log.infof("role made role=%s", role);
            }
            if (config.iam()) target.admitTokens();
            target.grant(privileges, later);
        } catch (SQLException e) {
            throw new FlywayException(
                    "The role " + role + " cannot be made or get its privileges: " + e.getMessage(), e);
        }
    }
}
