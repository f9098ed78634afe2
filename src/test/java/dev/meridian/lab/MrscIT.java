package dev.meridian.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.fault.Fault;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two Regions with one strongly consistent order journal, which refuses a write of an entry that the other
/// Region is writing.
@Tag("lab")
class MrscIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ORDERS = 8;
    private static final String WEST = "eu-west-1";
    private static final String EAST = "us-east-1";
    private static TwoRegions lab;

    @BeforeAll
    static void start() {
        lab = TwoRegions.start(LabOptions.quick(3).withMrsc(true));
    }

    @AfterAll
    static void end() {
        if (lab != null) lab.close();
    }

    /// An order with this key, in a Region. A client that is told to come back does, until it has an answer.
    ///
    /// @param retries what it got before
    private static String id(HttpClient http, String region, String key, String product, List<Integer> retries)
            throws IOException, InterruptedException {
        var body = """
                {"shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com",
                 "address1":"12 Lantern Row","city":"Port Isle","zipCode":"04521","state":"ME"},
                 "items":[{"productId":"%s","quantity":1}]}""".formatted(product);
        var request = HttpRequest.newBuilder(lab.service(region).resolve("/orders"))
                .header("Content-Type", "application/json")
                .header("X-Customer-Id", "of-both-regions")
                .header("Idempotency-Key", key)
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        while (answer.statusCode() / 100 != 2) {
            assertEquals(503, answer.statusCode(), answer::body);
            retries.add(503);
            answer = http.send(request, BodyHandlers.ofString());
        }
        return answer.body().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    }

    /// Both write the same entry, twice each. The service itself repeats what is refused, as far as its budget
    /// goes.
    @Test
    void anOrderThatBothRegionsTakeAtOnceIsOneOrder() throws Exception {
        lab.newRun(11, 20);
        lab.startLoad();
        lab.stopLoad();
        var product = lab.workload().stock().keySet().iterator().next();
        long before = lab.processes().refused().conflicts();
        try (var http = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ORDERS; i++) {
                var key = "both-" + i;
                var retries = Collections.synchronizedList(new ArrayList<Integer>());
                var ids = new HashSet<String>();
                for (var order : threads.invokeAll(lab.regions().stream()
                        .map(region -> (Callable<String>) () -> id(http, region, key, product, retries))
                        .toList())) ids.add(order.get());
                assertEquals(1, ids.size(), ids::toString);
                if (i == 0) assertEquals(List.of(), retries);
            }
        }
        assertTrue(lab.processes().refused().conflicts() > before, "no write was in conflict");
    }

    /// Also when many of their writes are refused: the settler repeats them, and no entry counts as failed.
    @Test
    void bothRegionsSettleOneJournal() {
        lab.newRun(12, 60);
        lab.startLoad();
        lab.inject(Fault.KILL_WRITER, WEST);
        await().atMost(SOON).until(() -> lab.state().counters().ordersAccepted() >= 30);
        lab.stopLoad();
        for (var region : lab.regions()) lab.inject(Fault.CONFLICT_DYNAMO, region);
        lab.inject(Fault.PROMOTE, EAST);
        await().atMost(SOON).until(() -> lab.state().regions().getFirst().openJournalEntries() == 0);
        var verdict = lab.check();
        System.out.println(verdict);
        assertTrue(verdict.holds(), verdict.violations()::toString);
        assertTrue(verdict.counts().get("DynamoDB writes in conflict") > 0, verdict::toString);
        for (var region : lab.processes().regions())
            assertFalse(region.log().contains("open order cannot be settled"), region::log);
    }
}
