package dev.meridian.mysfit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.DynamoProxy;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An adoption whose connection breaks during the SQL statement, and one whose flag DynamoDB refuses: a proxy is in
/// front
/// of the store.
@Tag("process")
class AdoptionIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String PAULY = "2b473002-36f8-4b87-954e-9a377e0ccbec";
    private static final String TANSY = "561987fe-4f26-4087-9b7b-d1784a7f3900";

    @Test
    void whoAdoptedIsToldSoThoughTheConnectionBroke() throws Exception {
        var stores = new StoresResource();
        var config = new HashMap<>(stores.start());
        var server = config.get("meridian.sql.writer-url");
        var address = URI.create(server);
        try (var proxy = new TcpProxy(address.getHost(), address.getPort());
                var holder = DriverManager.getConnection("jdbc:" + server, "postgres", "postgres")) {
            config.put("quarkus.profile", "test");
            config.put("meridian.sql.writer-url", "postgresql://localhost:" + proxy.port() + address.getPath());
            try (var service = ServiceProcess.serve(config)) {
                assertEquals(200, adopt(service, TANSY).statusCode());
                assertEquals(409, adopt(service, TANSY).statusCode());

                // Somebody holds the row, so the service's statement waits in the server.
                holder.setAutoCommit(false);
                try (var insert = holder.createStatement()) {
                    insert.execute("INSERT INTO adoptions (mysfit_id, region) VALUES ('" + PAULY + "', 'nowhere')");
                }
                var answer = CompletableFuture.supplyAsync(() -> {
                    try {
                        return adopt(service, PAULY);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                await().atMost(SOON).until(() -> waiting() == 1);
                // The statement goes on in the server, and its answer reaches nobody; the service asks again.
                proxy.resetConnections();
                await().atMost(SOON).until(() -> waiting() == 2);
                holder.rollback();

                assertEquals(200, answer.get().statusCode(), () -> answer.join().body());
                assertEquals(409, adopt(service, PAULY).statusCode());
            }
        } finally {
            stores.stop();
        }
    }

    /// The row has decided, and nobody was told: who asks again is.
    @Test
    void whoseFlagIsRefusedIsToldOfItAndMayAskAgain() throws Exception {
        var stores = new StoresResource();
        var config = new HashMap<>(stores.start());
        try (var dynamo = new DynamoProxy(URI.create(config.get("quarkus.dynamodb.endpoint-override")));
                var creatures = new Creatures()) {
            config.put("quarkus.profile", "test");
            config.put("quarkus.dynamodb.endpoint-override", dynamo.endpoint().toString());
            try (var service = ServiceProcess.serve(config)) {
                var mysfit = creatures.any();
                dynamo.refusals()
                        .refuse(
                                "ProvisionedThroughputExceededException",
                                call -> call.operation().equals("UpdateItem") && call.isAbout(Creatures.MYSFITS));
                var refused = adopt(service, mysfit, "X-Customer-Id", "ada");
                assertEquals(503, refused.statusCode(), refused::body);
                assertTrue(refused.headers().firstValue("Retry-After").isPresent(), refused.headers()::toString);
                assertEquals(1, Creatures.sql("SELECT count(*) FROM adoptions WHERE mysfit_id = '" + mysfit + "'"));
                assertFalse(isAdopted(creatures, mysfit));

                dynamo.refusals().pass();
                assertEquals(200, adopt(service, mysfit, "X-Customer-Id", "ada").statusCode());
                assertTrue(isAdopted(creatures, mysfit));
                assertEquals(409, adopt(service, mysfit, "X-Customer-Id", "bob").statusCode());
                assertEquals(1, Creatures.sql("SELECT count(*) FROM adoptions WHERE mysfit_id = '" + mysfit + "'"));
            }
        } finally {
            stores.stop();
        }
    }

    private static boolean isAdopted(Creatures creatures, String mysfit) {
        return creatures.item(mysfit).get("Adopted").bool();
    }

    private static HttpResponse<String> adopt(ServiceProcess service, String mysfit, String... headers)
            throws Exception {
        return service.send("POST", "/mysfits/" + mysfit + "/adopt", null, headers);
    }

    /// The number of adoptions that wait for a lock.
    private static long waiting() {
        return Creatures.sql("SELECT count(*) FROM pg_stat_activity"
                + " WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO adoptions%'");
    }
}
