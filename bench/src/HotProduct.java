import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * Overload: everybody orders one product, and each order holds its row for a while, so that only so many in a second are
 * possible. Offers a multiple of that, beside orders of other products and changes of the catalog.
 */
final class HotProduct {
    static final String ADMIN_TOKEN = "a-token-of-a-benchmark";
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final double OTHERS_PER_SECOND = 10;
    private static final long FILLING = TimeUnit.SECONDS.toNanos(2);
    private static final long SETTLED_WITHIN = TimeUnit.SECONDS.toNanos(90);
    private static final double GOODPUT_MIN = 0.8;
    private static final double P99_MAX = 200;

    /** The answer to one request. @param due since the start, in nanoseconds; the time counts from then */
    private record Answer(int status, long due, long nanos) {}

    /** Requests of one kind at a fixed rate, each on a connection of its own while it runs. */
    private final class Stream {
        final List<Answer> answers = new ArrayList<>();
        final Thread thread;

        Stream(double perSecond, LongFunction<byte[]> request) {
            long count = Math.round(perSecond * seconds);
            thread = Thread.ofVirtual().start(() -> {
                var threads = new ArrayList<Thread>();
                for (long i = 0; i < count; i++) {
                    long n = i;
                    long due = (long) (i * 1e9 / perSecond);
                    while (due - elapsed() > 0) LockSupport.parkNanos(due - elapsed());
                    threads.add(Thread.ofVirtual().start(() -> add(new Answer(send(request.apply(n)), due, elapsed() - due))));
                }
                for (var each : threads) {
                    try {
                        each.join();
                    } catch (InterruptedException _) {
                        return;
                    }
                }
            });
        }

        synchronized void add(Answer answer) {
            answers.add(answer);
        }

        Map<Integer, Integer> statuses() {
            var counts = new TreeMap<Integer, Integer>();
            answers.forEach(answer -> counts.merge(answer.status, 1, Integer::sum));
            return counts;
        }

        double p99() {
            return Load.quantile(answers.stream().mapToLong(Answer::nanos).sorted().toArray(), 0.99) / 1e6;
        }

        /** How many in a second are answered 200, once the queues are full. */
        double goodput() {
            long good = answers.stream()
                    .filter(answer -> answer.status == 200)
                    .filter(answer -> answer.due + answer.nanos >= FILLING && answer.due + answer.nanos < seconds * 1e9)
                    .count();
            return good / (seconds - FILLING / 1e9);
        }
    }

    private final Service service;
    private final String jdbc;
    private final double seconds;
    private final int holdMillis;
    private final ConcurrentLinkedQueue<Load.Connection> connections = new ConcurrentLinkedQueue<>();
    private long start;

    HotProduct(Service service, String sqlUrl, double seconds, int holdMillis) {
        this.service = service;
        this.jdbc = "jdbc:" + sqlUrl;
        this.seconds = seconds;
        this.holdMillis = holdMillis;
    }

    /** @return a row of a Markdown table, and whether both targets are met */
    Map.Entry<String, Boolean> measure(String mode, int times, int number) throws Exception {
        var product = "bench-" + number;
        double capacity = 1000.0 / holdMillis;
        new Load(service.port, 8, Operations.ALL.get("order")).turns(400);
        double lost = lost();
        long before = rows(product);
        hold(product);
        start = System.nanoTime();
        var hot = new Stream(times * capacity, _ -> order(product));
        var orders = new Stream(OTHERS_PER_SECOND, n -> order("bench-" + (50 + n % 50)));
        var changes = new Stream(OTHERS_PER_SECOND, n -> Operations.http(
                "PATCH", "/catalog/products/bench-" + (50 + n % 50) + "/stock", "{\"add\":1}",
                "Authorization: Bearer " + ADMIN_TOKEN));
        for (var stream : List.of(hot, orders, changes)) stream.thread.join();
        letGo();
        long end = System.nanoTime();
        while (rows(product) - before < hot.answers.size() && System.nanoTime() - end < SETTLED_WITHIN) {
            LockSupport.parkNanos(100_000_000);
        }
        double settled = (System.nanoTime() - end) / 1e9;
        for (var connection : connections) connection.close();
        connections.clear();
        double share = hot.goodput() / capacity;
        boolean met = share >= GOODPUT_MIN && Math.max(orders.p99(), changes.p99()) < P99_MAX;
        return Map.entry(
                "| %s | %d × %.0f/s | %.1f/s, %.0f %% | %s | %.0f ms %s | %.0f ms %s | %.0f | %d of %d after %.0f s |".formatted(
                        mode, times, capacity, hot.goodput(), 100 * share, hot.statuses(),
                        orders.p99(), orders.statuses(), changes.p99(), changes.statuses(), lost() - lost,
                        rows(product) - before, hot.answers.size(), settled),
                met);
    }

    static String head() {
        return """
                | Mode | Offered | Answered 200 | All answers | Other orders, p99 | Catalog changes, p99 | Writers lost | In SQL in the end |
                |---|---|---|---|---|---|---|---|""";
    }

    private long elapsed() {
        return System.nanoTime() - start;
    }

    private int send(byte[] request) {
        try {
            var connection = connections.poll();
            if (connection == null) connection = new Load.Connection(service.port);
            int status = connection.exchange(request);
            connections.add(connection);
            return status;
        } catch (java.io.IOException _) {
            return 0;
        }
    }

    private static byte[] order(String product) {
        return Operations.order(product, "hot-" + NUMBERS.incrementAndGet());
    }

    private double lost() throws java.io.IOException {
        return service.metric("meridian_sql_lost_total", "pool=\"writer\"");
    }

    private Connection sql() throws SQLException {
        return DriverManager.getConnection(jdbc, "postgres", "postgres");
    }

    private void hold(String product) throws SQLException {
        run("""
                CREATE OR REPLACE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_sleep(%s); RETURN NEW; END'""".formatted(holdMillis / 1000.0));
        run("CREATE TRIGGER hold BEFORE UPDATE ON products FOR EACH ROW WHEN (OLD.id = '" + product
                + "') EXECUTE FUNCTION hold()");
    }

    private void letGo() throws SQLException {
        run("DROP TRIGGER hold ON products");
    }

    private void run(String statement) throws SQLException {
        try (var connection = sql(); var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private long rows(String product) throws SQLException {
        try (var connection = sql(); var query = connection.createStatement();
                var rows = query.executeQuery("SELECT count(*) FROM order_lines WHERE product_id = '" + product + "'")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
