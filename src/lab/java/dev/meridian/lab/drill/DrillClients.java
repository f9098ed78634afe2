package dev.meridian.lab.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Steady orders and reads through the router. Each request is sent at its scheduled time, whether or not
/// earlier ones have ended. It has a timeout of a few seconds and is never retried.
final class DrillClients implements AutoCloseable {
    static final String PRODUCT = "drill-lantern";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int AT_ONCE_MAX = 256;
    private static final int CUSTOMERS = 40;
    private static final String CLIENT = "X-Lab-Client";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI router;
    private final DrillOptions options;
    private final Random random;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
    private final List<Attempt> history = new ArrayList<>();
    private final long began = System.nanoTime();
    private final List<Thread> pacers = new ArrayList<>();

    DrillClients(URI router, DrillOptions options) {
        this.router = router;
        this.options = options;
        this.random = new Random(options.seed());
    }

    /// Milliseconds since the clients began.
    long now() {
        return (System.nanoTime() - began) / 1_000_000;
    }

    void start() {
        pacers.add(pace("drill-orders", options.ordersPerSecond(), n -> order(n)));
        pacers.add(pace("drill-reads", options.readsPerSecond(), n -> read(n)));
    }

    @FunctionalInterface
    private interface Sender {
        void send(long number);
    }

    private Thread pace(String name, double perSecond, Sender sender) {
        return Thread.ofVirtual().name(name).start(() -> {
            long interval = (long) (1e9 / perSecond);
            long next = System.nanoTime();
            for (long n = 0; !Thread.currentThread().isInterrupted(); n++, next += interval) {
                try {
                    Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                    atOnce.acquire();
                } catch (InterruptedException _) {
                    return;
                }
                long number = n;
                threads.execute(() -> {
                    try {
                        sender.send(number);
                    } finally {
                        atOnce.release();
                    }
                });
            }
        });
    }

    /// Each customer is a separate client, with its own cache of the router's choice.
    private String customer() {
        synchronized (random) {
            return "drill-%d-%d".formatted(options.seed(), random.nextInt(CUSTOMERS));
        }
    }

    private void order(long number) {
        var customer = customer();
        var request = HttpRequest.newBuilder(router.resolve("/orders"))
                .header(CLIENT, customer)
                .header("Content-Type", "application/json")
                .header("X-Customer-Id", customer)
                .header("Idempotency-Key", "drill-%d-%d".formatted(options.seed(), number))
                .POST(BodyPublishers.ofString("""
                        {"shippingAddress": {"firstName": "Ada", "lastName": "Byrne", "email": "ada@example.com",
                           "address1": "1 Harbour Road", "city": "Galway", "zipCode": "06001", "state": "CT"},
                         "items": [{"productId": "%s", "quantity": 1}]}""".formatted(PRODUCT)));
        send(Attempt.Kind.ORDER, request);
    }

    private void read(long number) {
        var customer = customer();
        boolean isCatalog = number % 2 == 0;
        var path = isCatalog ? "/catalog/products/" + PRODUCT : "/carts/" + customer;
        send(
                isCatalog ? Attempt.Kind.CATALOG_READ : Attempt.Kind.CART_READ,
                HttpRequest.newBuilder(router.resolve(path))
                        .header(CLIENT, customer)
                        .GET());
    }

    private void send(Attempt.Kind kind, HttpRequest.Builder request) {
        long sentAt = now();
        long start = System.nanoTime();
        int status = 0;
        var region = "";
        var orderId = "";
        try {
            var answer = client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            status = answer.statusCode();
            region = answer.headers().firstValue("X-Region").orElse("");
            if (kind == Attempt.Kind.ORDER && status / 100 == 2) orderId = id(answer);
        } catch (IOException _) {
            // No response: status 0.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        var attempt = new Attempt(kind, sentAt, (System.nanoTime() - start) / 1e6, status, region, orderId);
        synchronized (history) {
            history.add(attempt);
        }
    }

    private static String id(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("id").asText();
    }

    /// All requests that have ended so far.
    List<Attempt> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    /// Stops sending and waits for the requests in flight.
    void stop() throws InterruptedException {
        for (var pacer : pacers) {
            pacer.interrupt();
            pacer.join();
        }
        pacers.clear();
        atOnce.acquire(AT_ONCE_MAX);
        atOnce.release(AT_ONCE_MAX);
    }

    @Override
    public void close() {
        pacers.forEach(Thread::interrupt);
        threads.shutdownNow();
        client.shutdownNow();
    }
}
