import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Overload by everything: finds how many mixed requests in a second the service answers in a closed loop, how long they take at
 * a fifth of that, and what becomes of a multiple of it that is sent whether answers come or not.
 */
final class Overload {
    /** The variable that switches load shedding. */
    static final String SWITCH = "MERIDIAN_SHEDDING_ENABLED";

    private static final double QUIET = 0.2;
    private static final double GOODPUT_MIN = 0.8;
    private static final double P99_MAX = 2;
    /** A client that has waited for so long is gone. */
    private static final int PATIENCE_MS = 2000;
    /** More do not wait at once; a request beyond it is one without an answer. */
    private static final int WAITING_MAX = 2000;

    /** The classes of ADR 16, and twenty requests of them. */
    private enum Kind {
        ORDER("order", "order", "order", "order"),
        ITEM("cart", "cart", "cart", "cart-add", "cart-add", "like"),
        LIST("browse", "browse", "browse", "browse", "browse", "browse", "mysfits", "mysfits", "top", "top");

        private final List<String> operations;

        Kind(String... operations) {
            this.operations = List.of(operations);
        }
    }

    private record Choice(Kind kind, String operation) {}

    private static final List<Choice> MIX = mix();
    private static final AtomicLong NUMBERS = new AtomicLong(1_000_000_000);

    private static List<Choice> mix() {
        var mix = new ArrayList<Choice>();
        for (var kind : Kind.values()) {
            for (var operation : kind.operations) mix.add(new Choice(kind, operation));
        }
        Collections.shuffle(mix, new Random(1));
        return mix;
    }

    /** The answer to one request, or 0. @param due since the start, in nanoseconds; the time counts from then */
    private record Answer(Kind kind, int status, long due, long nanos) {
        boolean isGood() {
            return status >= 200 && status < 300 && nanos <= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        }
    }

    private final Service service;
    private final double seconds;
    private final int clients;
    private final ConcurrentLinkedQueue<Load.Connection> connections = new ConcurrentLinkedQueue<>();
    private final Semaphore waiting = new Semaphore(WAITING_MAX);

    Overload(Service service, double seconds, int clients) {
        this.service = service;
        this.seconds = seconds;
        this.clients = clients;
    }

    static String head() {
        return """
                | Load shedding | Capacity | p99 at a fifth | Offered | Answered 2xx | their p99 | 503 | no answer in 2 s | p50 of 503 | orders, items, lists answered | processors used | limit |
                |---|---|---|---|---|---|---|---|---|---|---|---|""";
    }

    /** Also warms up. @return mixed requests in a second, in closed loops of few and of many clients: the more of both */
    double capacity(long turns) throws Exception {
        Load.Operation mixed = n -> Operations.ALL.get(MIX.get((int) (n % MIX.size())).operation).turn(n);
        new Load(service.port, clients, mixed).turns(turns);
        double most = 0;
        for (int loops : new int[] {clients, 4 * clients}) {
            most = Math.max(most, new Load(service.port, loops, mixed)
                    .closed(Duration.ofMillis(Math.round(seconds * 500))).perSecond());
        }
        return most;
    }

    /** @return the p99 at a fifth of the capacity, in ms */
    double quiet(double capacity) throws InterruptedException {
        return p99(offer(QUIET * capacity));
    }

    /** @return a row of a Markdown table, and whether both targets are met */
    Map.Entry<String, Boolean> measure(String name, double capacity, double quiet, int times)
            throws Exception {
        var before = service.cpu();
        long begun = System.nanoTime();
        var answers = offer(times * capacity);
        double processors = service.cpu().minus(before).total() / ((System.nanoTime() - begun) / 1e9);
        double limit = service.metric("meridian_shedding_limit", "region");
        double good = answers.stream().filter(Answer::isGood).count() / (seconds - filling());
        double p99 = p99(answers);
        long refused = answers.stream().filter(answer -> answer.status == 503).count();
        long none = answers.stream().filter(answer -> answer.status == 0 || answer.nanos > PATIENCE_MS * 1_000_000L).count();
        var shares = Arrays.stream(Kind.values()).map(kind -> share(answers, kind)).toList();
        return Map.entry(
                "| %s | %.0f/s | %.1f ms | %d × | %.0f/s, %.0f %% | %.1f ms, %.2f × | %.0f %% | %.0f %% | %.1f ms | %s | %.2f | %.0f |".formatted(
                        name, capacity, quiet, times, good, 100 * good / capacity, p99, p99 / quiet,
                        100.0 * refused / answers.size(), 100.0 * none / answers.size(),
                        quantile(answers.stream().filter(answer -> answer.status == 503).toList(), 0.5),
                        String.join(", ", shares), processors, limit),
                good >= GOODPUT_MIN * capacity && p99 <= P99_MAX * quiet);
    }

    private static String share(List<Answer> answers, Kind kind) {
        var own = answers.stream().filter(answer -> answer.kind == kind).toList();
        return "%.0f %%".formatted(100.0 * own.stream().filter(Answer::isGood).count() / Math.max(1, own.size()));
    }

    private static double p99(List<Answer> answers) {
        return quantile(answers.stream().filter(Answer::isGood).toList(), 0.99);
    }

    private static double quantile(List<Answer> answers, double quantile) {
        return Load.quantile(answers.stream().mapToLong(Answer::nanos).sorted().toArray(), quantile) / 1e6;
    }

    /** Until then queues fill and limits are found. */
    private double filling() {
        return Math.min(2, seconds / 4);
    }

    /** Sends requests at a fixed rate. @return the answers to those that were due after the queues were filled */
    private List<Answer> offer(double perSecond) throws InterruptedException {
        var answers = Collections.synchronizedList(new ArrayList<Answer>());
        long start = System.nanoTime();
        int count = (int) Math.round(perSecond * seconds);
        var open = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            var choice = MIX.get(i % MIX.size());
            long due = (long) (i * 1e9 / perSecond);
            while (due - (System.nanoTime() - start) > 0) LockSupport.parkNanos(due - (System.nanoTime() - start));
            Thread.ofVirtual().start(() -> {
                int status = send(Operations.ALL.get(choice.operation).turn(NUMBERS.incrementAndGet())[0]);
                answers.add(new Answer(choice.kind, status, due, System.nanoTime() - start - due));
                open.countDown();
            });
        }
        open.await();
        for (var connection = connections.poll(); connection != null; connection = connections.poll()) close(connection);
        return answers.stream().filter(answer -> answer.due >= filling() * 1e9).toList();
    }

    private int send(byte[] request) {
        if (!waiting.tryAcquire()) return 0;
        var connection = connections.poll();
        try {
            if (connection == null) connection = new Load.Connection(service.port, PATIENCE_MS, 4096);
            int status = connection.exchange(request);
            connections.add(connection);
            return status;
        } catch (IOException _) {
            if (connection != null) close(connection);
            return 0;
        } finally {
            waiting.release();
        }
    }

    private static void close(Load.Connection connection) {
        try {
            connection.close();
        } catch (IOException _) {
            // It is closed anyway.
        }
    }
}
