package dev.meridian.sql;

import io.quarkus.arc.Unremovable;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The command `migrate`: brings the SQL schema up to date. A deployment runs it once, before the new tasks
/// start; of two at the same time, the second waits for the first. It runs as the owner of the tables
/// ([MigrationDataSource]) and ends with the privileges of the other roles ([Grants]).
@ApplicationScoped
@Unremovable
public class Migration {
    /// Absent in a production server (`quarkus.flyway.active`).
    private final Instance<Flyway> flyway;

    Migration(Instance<Flyway> flyway) {
        this.flyway = flyway;
    }

    /// @return the exit code: 0 when the schema is up to date, 1 when the migration failed
    public int run() {
        try {
            var result = flyway.get().migrate();
            Log.infof(
                    "schema is up to date version=%s applied=%d",
                    result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion,
                    result.migrationsExecuted);
            return 0;
        } catch (FlywayException e) {
            // Flyway puts the name of the callback before a sentence of Grants.
            var sentence = e.getCause() instanceof FlywayException cause ? cause : e;
            Log.errorf("the schema could not be migrated: %s", sentence.getMessage());
            return 1;
        }
    }
}
