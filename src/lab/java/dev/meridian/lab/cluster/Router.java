package dev.meridian.lab.cluster;

import dev.meridian.lab.LabOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Stands for Route 53 with health checks: names a Region to each client, which uses it for the time to live,
/// even when the Region has just failed. It also forwards the requests, so that clients such as a browser need
/// only one address.
public final class Router implements AutoCloseable {
    /// The header that identifies clients of the lab; all requests without it count as one client.
    public static final String CLIENT = "X-Lab-Client";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
    private static final int FAILURES_TO_GO_DOWN = 3;
    private static final int SUCCESSES_TO_COME_UP = 2;

    private record Choice(int region, long until) {}

    /// One Region as the health checker sees it.
    private static final class Target {
        private final String region;
        private final Upstream requests;
        private final Upstream checks;
        private final Traffic traffic = new Traffic();
        private volatile boolean isHealthy = true;
        private volatile boolean isDrained;
        private int inARow;

        private Target(String region, int port) {
            this.region = region;
            requests = new Upstream(port);
            checks = new Upstream(port);
        }
    }

    private final LabOptions options;
    private final Consumer<String> events;
    private final List<Target> targets = new ArrayList<>();
    private final Map<String, Choice> choices = new ConcurrentHashMap<>();
    private final Random random;
    private volatile LabOptions.Routing routing;
    private final HttpListener listener;
    private volatile boolean isClosed;

    /// @param ports of each Region's service
    Router(List<String> regions, List<Integer> ports, LabOptions options, Consumer<String> events) throws IOException {
        this.options = options;
        this.events = events;
        random = new Random(options.seed());
        routing = options.routing();
        for (int i = 0; i < regions.size(); i++) targets.add(new Target(regions.get(i), ports.get(i)));
        listener = new HttpListener(0, this::route);
        targets.forEach(target -> Thread.ofVirtual().name("health").start(() -> check(target)));
    }

    /// Its address for clients.
    public int port() {
        return listener.port();
    }

    /// Sets the routing policy.
    public void routing(LabOptions.Routing routing) {
        this.routing = routing;
    }

    /// Whether a Region is healthy by the health checks.
    ///
    /// @param region index of the Region
    public boolean isHealthy(int region) {
        return targets.get(region).isHealthy;
    }

    /// Whether the Region reported itself as drained in the last health check.
    ///
    /// @param region index of the Region
    public boolean isDrained(int region) {
        return targets.get(region).isDrained;
    }

    /// The requests to a Region.
    ///
    /// @param region index of the Region
    public Traffic traffic(int region) {
        return targets.get(region).traffic;
    }

    private Message route(Message request) {
        var target = targets.get(resolve(request.header(CLIENT).orElse("browser")));
        long start = System.nanoTime();
        Message answer;
        try {
            answer = target.requests.exchange(request, TIMEOUT);
        } catch (IOException | RuntimeException e) {
            answer = Message.of(502, "text/plain", "No answer from " + target.region + ": " + e.getMessage())
                    .withHeader("X-Region", target.region);
        }
        target.traffic.add(System.nanoTime() - start, answer.status() >= 500);
        return answer;
    }

    /// The Region of a client, as cached by its resolver.
    private int resolve(String client) {
        long now = System.nanoTime();
        return choices.compute(
                        client,
                        (_, last) -> last != null && now < last.until
                                ? last
                                : new Choice(
                                        choose(client),
                                        now + options.timeToLive().toNanos()))
                .region;
    }

    private int choose(String client) {
        var healthy = IntStream.range(0, targets.size())
                .filter(i -> targets.get(i).isHealthy)
                .boxed()
                .toList();
        // When none is healthy, Route 53 treats all as healthy.
        var usable =
                healthy.isEmpty() ? IntStream.range(0, targets.size()).boxed().toList() : healthy;
        return switch (routing) {
            case FAILOVER -> usable.getFirst();
            case WEIGHTED -> usable.get(random.nextInt(usable.size()));
            case LATENCY -> {
                int nearest = Math.floorMod(client.hashCode(), targets.size());
                yield usable.contains(nearest) ? nearest : usable.getFirst();
            }
        };
    }

    private void check(Target target) {
        var request = new Message("GET /health HTTP/1.1", List.of("Host: " + target.region), new byte[0]);
        while (!isClosed) {
            boolean isGood = false;
            try {
                var answer = target.checks.exchange(request, HEALTH_TIMEOUT);
                isGood = answer.status() == 200;
                target.isDrained = answer.text().contains("\"DRAINED\"");
            } catch (IOException | RuntimeException _) {
                // No response counts as a failure.
            }
            judge(target, isGood);
            try {
                Thread.sleep(options.healthInterval());
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void judge(Target target, boolean isGood) {
        if (isGood == target.isHealthy) {
            target.inARow = 0;
            return;
        }
        if (++target.inARow < (isGood ? SUCCESSES_TO_COME_UP : FAILURES_TO_GO_DOWN)) return;
        target.inARow = 0;
        target.isHealthy = isGood;
        events.accept("router: " + target.region + (isGood ? " is healthy again" : " is unhealthy"));
    }

    @Override
    public void close() {
        isClosed = true;
        listener.close();
        targets.forEach(target -> {
            target.requests.close();
            target.checks.close();
        });
    }
}
