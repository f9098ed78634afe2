package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.RawConnection;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged artifact with the limits and the heap of production, and clients that never end what they send.
@Tag("process")
class SlowRequestsIT {
    private static final int BODIES = 300;
    private static final int HEADS = 60;
    /// The limits are 10 s; the rest is a margin for a busy machine.
    private static final Duration CUT = Duration.ofSeconds(25);

    private static final String TICKET = """
            {"description":"Is served meanwhile.","assigned":"support","priority":"high","status":"open","createdBy":"a"}""";

    private static final StoresResource STORES = new StoresResource();
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        var config = new HashMap<>(STORES.start());
        config.put("quarkus.profile", "test");
        config.put("meridian.sample-data.enabled", "false");
        service = ServiceProcess.serve(config, "-Xmx160m");
    }

    @AfterAll
    static void stop() {
        if (service != null) service.close();
        STORES.stop();
    }

    /// A connection that is slow until the service closes it; the answer that it got.
    private static Callable<String> slow(String begun) {
        return () -> {
            try (var connection = new RawConnection(service.port())) {
                connection.send(begun);
                assertTrue(connection.trickle('a', CUT), "a slow request is not cut");
                return connection.received();
            }
        };
    }

    @Test
    void threeHundredSlowBodiesAndSlowHeadsDoNoHarm() throws Exception {
        // Together 12 MB, which fit into the budget of 16 MB.
        var body =
                "POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 120000\r\n\r\n{\"a\":\""
                        + "x".repeat(40_000);
        var head = "GET /ticket HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
        int served = 0;
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var bodies = new ArrayList<Future<String>>();
            var heads = new ArrayList<Future<String>>();
            for (int i = 0; i < BODIES; i++) bodies.add(clients.submit(slow(body)));
            for (int i = 0; i < HEADS; i++) heads.add(clients.submit(slow(head)));
            while (!bodies.stream().allMatch(Future::isDone) || !heads.stream().allMatch(Future::isDone)) {
                served += serve();
            }
            for (var client : bodies) assertTrue(client.get().startsWith("HTTP/1.1 408 "), client.get());
            for (var client : heads) assertEquals("", client.get());
        }
        System.out.printf("slow requests: %d others were served meanwhile%n", served);
        assertTrue(served >= 20, "served " + served);
        assertWell();
    }

    /// A quarter more than the budget, in bodies that are all but complete.
    @Test
    void bodiesBeyondTheBudgetDoNoHarm() throws Exception {
        var body =
                "POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 130000\r\n\r\n"
                        + " ".repeat(129_000);
        var open = new ArrayList<RawConnection>();
        try {
            for (int i = 0; i < 160; i++) open.add(begun(body));
            assertEquals(200, service.send("GET", "/ticket?limit=1", null).statusCode());
        } finally {
            for (var connection : open) connection.close();
        }
        assertWell();
    }

    private static RawConnection begun(String text) throws IOException {
        var connection = new RawConnection(service.port());
        try {
            connection.send(text);
        } catch (IOException _) {
            // It was refused or cut before all was sent.
        }
        return connection;
    }

    private static int serve() throws Exception {
        assertEquals(200, service.send("GET", "/ticket?limit=1", null).statusCode());
        var stored = service.send("POST", "/ticket", TICKET);
        assertEquals(200, stored.statusCode(), stored::body);
        return 2;
    }

    private static void assertWell() throws Exception {
        serve();
        for (var bad : List.of("OutOfMemoryError", " ERROR ")) {
            assertFalse(service.log().contains(bad), service::log);
        }
    }
}
