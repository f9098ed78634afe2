package dev.meridian.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The command and the schedule of a running service.
@Tag("dynamodb")
@Tag("process")
class PruneIT {
    private static final StoresResource STORES = new StoresResource();
    private static final Duration COMMAND = Duration.ofSeconds(60);
    private static Map<String, String> config;

    @BeforeAll
    static void start() throws Exception {
        config = new HashMap<>(STORES.start());
        config.put("meridian.mode", "test");
        config.put("meridian.region", "eu-west-1");
        ServiceProcess.migrate(config.get("meridian.sql.writer-url"));
    }

    @AfterAll
    static void stop() {
        STORES.stop();
    }

    private static String ticket(ServiceProcess service, String createdOn) throws Exception {
        var answer = service.send("POST", "/ticket", """
                {"description":"The lantern flickers.","assigned":"","priority":"low","status":"closed",
                 "createdBy":"Wren","createdOn":"%s"}""".formatted(createdOn));
        assertEquals(200, answer.statusCode(), answer::body);
        return new ObjectMapper().readTree(answer.body()).path("id").asText();
    }

    private static int status(ServiceProcess service, String id) throws Exception {
        return service.send("GET", "/ticket/" + id, null).statusCode();
    }

    private static void prune(int code, String text, Map<String, String> settings, String... options) throws Exception {
        var arguments = new String[options.length + 1];
        arguments[0] = "prune";
        System.arraycopy(options, 0, arguments, 1, options.length);
        try (var command = ServiceProcess.run(settings, arguments)) {
            assertEquals(code, command.exitCode(COMMAND), command::log);
            assertTrue(command.log().contains(text), command::log);
        }
    }

    @Test
    void theCommandDeletesWhatIsOldAndSaysHowMuch() throws Exception {
        try (var service = ServiceProcess.serve(config)) {
            var old = ticket(service, "2020-01-01 00:00:00");
            var young = ticket(service, "");
            var counted = "\"pruned\":1,\"dryRun\":";
            prune(0, counted + "true}", config, "--dry-run", "--before", "2020-02-01T00:00:00Z");
            assertEquals(200, status(service, old));
            prune(0, "\"pruned\":0,\"dryRun\":false}", config, "--before", "2019-01-01T00:00:00Z");
            assertEquals(200, status(service, old));
            prune(0, counted + "false}", config);
            assertEquals(404, status(service, old));
            assertEquals(200, status(service, young));
        }
        var away = new HashMap<>(config);
        away.put("quarkus.dynamodb.endpoint-override", "http://127.0.0.1:1");
        prune(1, "Pruning has not ended: ", away);
    }

    /// A run is due in a Region that has never begun one, within the first look of a task.
    @Test
    void theServicePrunesByItself() throws Exception {
        var often = new HashMap<>(config);
        often.put("meridian.retention.every", "10m");
        often.put("meridian.retention.look", "1s");
        often.put("meridian.region", "us-east-1");
        try (var service = ServiceProcess.serve(often)) {
            var old = ticket(service, "2020-01-01 00:00:00");
            Awaitility.await().atMost(COMMAND).until(() -> status(service, old) == 404);
            assertTrue(service.log().contains("pruned kind=TICKETS"), service::log);
        }
    }
}
