package dev.meridian.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresPair;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged artifact in production mode with two readers behind one name. `ReaderPoolTest` has
/// more cases.
@Tag("process")
class ReadersIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int READS = 200;

    private static ServiceProcess service;

    @Test
    void aDeadReaderCutsNoConnectionToTheOther() throws Exception {
        try (var pair = new PostgresPair();
                var other = PostgresServer.standby(
                        Path.of("target/local-stores/readers-" + System.nanoTime())
                                .toAbsolutePath(),
                        pair.primary());
                var name = new TcpProxy("127.0.0.1", pair.standby().port(), Duration.ofMillis(40))) {
            ServiceProcess.migrate(pair.primary().url());
            service = ServiceProcess.serve(config(pair, name));
            await().atMost(LIMIT).until(() -> read() == 200);
            Race.run(4, READS, _ -> ReadersIT::read);
            name.retarget(other.port());
            await().atMost(LIMIT).until(() -> {
                Race.run(16, READS, _ -> ReadersIT::read);
                return !backends(other).isEmpty();
            });
            var backends = backends(other);
            assertTrue(!backends(pair.standby()).isEmpty(), "both readers are in use");
            pair.standby().kill();
            var answers = Race.run(8, READS, _ -> ReadersIT::read);
            assertEquals(Collections.nCopies(READS, 200), answers);
            assertTrue(backends(other).containsAll(backends), "the connections to the living reader live");
            var metrics = service.manage("/q/metrics").body();
            assertNone("meridian_sql_lost_total\\{[^}]*pool=\"reader\"[^}]*}", metrics);
            assertNone("meridian_sql_fallbacks_total\\{[^}]*outcome=\"taken\"[^}]*}", metrics);
        } finally {
            if (service != null) service.close();
        }
    }

    /// Without DynamoDB, which reads of the catalog do not need.
    private static Map<String, String> config(PostgresPair pair, TcpProxy reader) {
        var config = new HashMap<>(ServiceProcess.production(
                Map.of("quarkus.dynamodb.endpoint-override", "http://127.0.0.1:9"),
                "none-",
                pair.primary().url()));
        config.put("meridian.sql.reader-url", PostgresServer.url(reader.port()));
        // What counts is that reads are answered, not how fast a busy machine is.
        config.put("meridian.sql.read-timeout", "5s");
        return config;
    }

    private static int read() throws Exception {
        return service.send("GET", "/catalog/size", null).statusCode();
    }

    private static List<String> backends(PostgresServer reader) throws SQLException {
        var all = reader.ask(
                "SELECT coalesce(string_agg(pid::text, ' '), '') FROM pg_stat_activity WHERE usename = 'meridian_app'");
        return all.isEmpty() ? List.of() : List.of(all.split(" "));
    }

    private static void assertNone(String counter, String metrics) {
        assertTrue(
                Pattern.compile("(?m)^" + counter + " 0\\.0").matcher(metrics).find(), metrics);
    }
}
