package dev.meridian.startup;

import dev.meridian.dynamo.DynamoSchema;
import dev.meridian.dynamo.TablesConfig;
import dev.meridian.shared.ModeConfig;
import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/// Creates tables and loads sample data at start, before the first request, where that is configured. In
/// production it only checks the tables, and start does not wait for that.
@ApplicationScoped
class Bootstrap {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration CHECK_PAUSE = Duration.ofMillis(500);

    private static final int CHECKS_MAX = 10;

    private final DynamoSchema tables;
    private final TablesConfig config;
    private final SampleDataConfig samples;
    private final StartupConfig startup;
    private final ModeConfig mode;
    private final List<SampleLoader> loaders;

    Bootstrap(
            DynamoSchema tables,
            TablesConfig config,
            SampleDataConfig samples,
            StartupConfig startup,
            ModeConfig mode,
            @All List<SampleLoader> loaders) {
        this.tables = tables;
        this.config = config;
        this.samples = samples;
        this.startup = startup;
        this.mode = mode;
        this.loaders = loaders;
    }

    void onStart(@Observes StartupEvent start) {
        if (!startup.enabled()) return;
        if (!mode.mode().isProduction() && LaunchMode.current() == LaunchMode.NORMAL) {
            Log.warn("meridian.mode is test: anybody may use admin calls and pages, and tables are made at start");
        }
        if (config.create()) {
            if (mode.mode().isProduction()) {
                throw new ConfigurationException(
                        "meridian.tables.create is for dev and test: in production tables come from infrastructure code");
            }
            tables.createMissing().await().atMost(LIMIT);
        } else {
            reportMissingTables();
        }
        if (samples.enabled()) {
            loaders.forEach(this::load);
        }
    }

    private void load(SampleLoader loader) {
        var loaded = loader.load().await().atMost(LIMIT);
        if (loaded > 0) {
            Log.infof("sample data loaded what=%s new=%d", loader.what(), loaded);
        }
    }

    /// A cold process and a cold store may need more than one attempt.
    private void reportMissingTables() {
        tables.missing()
                .onFailure()
                .invoke(failure -> Log.warnf("cannot check the DynamoDB tables: %s", failure.getMessage()))
                .onFailure()
                .retry()
                .withBackOff(CHECK_PAUSE, CHECK_PAUSE.multipliedBy(8))
                .atMost(CHECKS_MAX)
                // The first call creates the client, which is the longest part of a start.
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .subscribe()
                .with(
                        missing -> {
                            if (!missing.isEmpty()) {
                                Log.warnf(
                                        "DynamoDB tables are missing, create them first: %s",
                                        String.join(", ", missing));
                            }
                        },
                        _ -> Log.warn("no longer checking the DynamoDB tables: /health tells"));
    }
}
