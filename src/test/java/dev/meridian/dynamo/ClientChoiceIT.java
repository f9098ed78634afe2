package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `meridian.dynamo.client` in the packaged artifact in production: the SDK's client is made only when it is
/// chosen.
@Tag("process")
class ClientChoiceIT {
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> stores;

    @BeforeAll
    static void start() {
        stores = STORES.start();
    }

    @AfterAll
    static void stop() {
        STORES.stop();
    }

    @BeforeEach
    void onLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")));
    }

    /// A native executable does not name its threads to the operating system; there the memory tells.
    @Test
    void theOneOfTheSdkIsMadeOnlyWhenItIsChosen() throws Exception {
        var own = measured("own");
        var sdk = measured("sdk");
        System.out.printf("client own: %s%nclient sdk: %s%n", own, sdk);
        if (sdk.threads.stream().anyMatch(name -> name.startsWith("vert.x"))) {
            assertEquals(List.of(), own.threadsOfTheSdk());
            assertEquals(List.of("aws-java-sdk-Ne"), sdk.threadsOfTheSdk());
        } else {
            assertTrue(sdk.memory - own.memory > 10_000, "kB");
        }
    }

    /// @param memory resident, in kB
    private record Process(List<String> threads, int memory) {
        List<String> threadsOfTheSdk() {
            return threads.stream()
                    .filter(name -> name.startsWith("aws-java-sdk") || name.startsWith("sdk-"))
                    .distinct()
                    .toList();
        }

        @Override
        public String toString() {
            return threads.size() + " threads, " + memory + " kB";
        }
    }

    /// Of a process that called DynamoDB at its start and for requests.
    private static Process measured(String client) throws Exception {
        var config = ServiceProcess.production(stores, "choice-", stores.get("meridian.sql.writer-url"));
        config.put("meridian.dynamo.client", client);
        try (var service = ServiceProcess.serve(config)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> service.log().contains("DynamoDB tables are missing"));
            for (var i = 0; i < 20; i++) {
                var answer = service.send("GET", "/ticket", null);
                assertEquals(503, answer.statusCode(), answer::body);
            }
            return new Process(threads(service.proc()), memory(service.proc()));
        }
    }

    private static List<String> threads(Path proc) throws IOException {
        var names = new ArrayList<String>();
        try (var tasks = Files.list(proc.resolve("task"))) {
            for (var task : tasks.toList())
                names.add(Files.readString(task.resolve("comm")).strip());
        }
        return names;
    }

    private static int memory(Path proc) throws IOException {
        return Files.readAllLines(proc.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }
}
