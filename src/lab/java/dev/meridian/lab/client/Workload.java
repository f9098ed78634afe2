package dev.meridian.lab.client;

import dev.meridian.lab.LabOptions;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.MachineToken;
import dev.meridian.lab.cluster.Refused;
import dev.meridian.lab.cluster.Waiting;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.testing.TestProducts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// The clients of one run, the products and mysfits that they use, and their history.
public final class Workload {
    private static final int CLIENTS = 16;
    private static final int PLENTY = 1_000_000;
    private static final int FEW = 6;
    private static final AtomicLong RUNS = new AtomicLong();

    private final LabProcesses lab;
    private final LabOptions options;
    private final String run;
    private final History history = new History();
    /// Stock at the start, by product.
    private final Map<String, Integer> stock = new LinkedHashMap<>();
    private final Map<String, Long> likesBefore = new HashMap<>();
    private final List<String> mysfits = new ArrayList<>();
    private final List<String> adoptables = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final int failoversBefore;
    private final Refused refusedBefore;
    private volatile boolean isRunning;
    private volatile boolean isCrowd;
    private volatile boolean haveClocksDiffered;

    /// @param options seed and rate
    public Workload(LabProcesses lab, LabOptions options) {
        this.lab = lab;
        this.options = options;
        failoversBefore = lab.databases().failovers();
        refusedBefore = lab.refused();
        run = Long.toString(System.currentTimeMillis() / 1000, 36) + "x" + RUNS.incrementAndGet();
    }

    /// A part of every name in this run.
    public String run() {
        return run;
    }

    /// By which clients prove whom they act for; empty where nobody has to.
    Optional<MachineToken> machine() {
        return lab.machine();
    }

    /// The requests and responses of the clients.
    public History history() {
        return history;
    }

    /// Stock at the start, by product.
    public Map<String, Integer> stock() {
        return stock;
    }

    /// How many likes a subject had before the run.
    public long likesBefore(String subject) {
        return likesBefore.getOrDefault(subject, 0L);
    }

    /// The mysfits to like.
    List<String> mysfits() {
        return mysfits;
    }

    /// The mysfits to adopt.
    public List<String> adoptables() {
        return adoptables;
    }

    /// The product with this number, from 0; the last two have low stock.
    String product(int index) {
        return stock.keySet().stream().skip(isCrowd ? 0 : index).findFirst().orElseThrow();
    }

    /// From now on all buyers want the same product, and half of all requests are orders; or no longer.
    public void wantOneProduct(boolean isWanted) {
        isCrowd = isWanted;
    }

    boolean isCrowd() {
        return isCrowd;
    }

    /// The clocks of the Regions differ from now on, for a part of the run.
    public void clocksDiffered() {
        haveClocksDiffered = true;
    }

    /// Whether the clocks of the Regions differed: then edits of a line in both Regions within the lag have the
    /// order of the clocks, and not of the client.
    public boolean sawClocksDiffer() {
        return haveClocksDiffered;
    }

    /// Whether a failover of the SQL writer may have lost orders of this run.
    public boolean sawFailover() {
        return lab.databases().failovers() > failoversBefore;
    }

    /// The calls of DynamoDB that were refused in this run.
    public Refused refused() {
        return lab.refused().since(refusedBefore);
    }

    /// The sums, for display.
    public Counters counters() {
        return history.counters();
    }

    /// Starts the clients; does nothing when they run.
    public synchronized void start() throws InterruptedException, SQLException {
        if (isRunning) return;
        if (stock.isEmpty()) prepare();
        isRunning = true;
        var pause = 1e9 * CLIENTS / options.rate();
        var pace = new Random(options.seed());
        for (var client : clients) {
            var own = new Random(pace.nextLong());
            threads.add(Thread.ofVirtual().name("client").start(() -> visit(client, own, pause)));
        }
    }

    private void visit(Client client, Random pace, double meanPauseNanos) {
        long next = System.nanoTime();
        while (isRunning) {
            next += (long) (-Math.log(1 - pace.nextDouble()) * meanPauseNanos);
            // A client that had to wait does not catch up.
            next = Math.max(next, System.nanoTime() - (long) meanPauseNanos);
            try {
                Thread.sleep(java.time.Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            } catch (InterruptedException _) {
                return;
            }
            if (isRunning) client.step();
        }
    }

    /// Stops the clients after their last responses.
    public synchronized void stop() throws InterruptedException {
        isRunning = false;
        for (var thread : threads) thread.join();
        threads.clear();
    }

    /// Stops the clients at once.
    public void abandon() {
        isRunning = false;
    }

    private void prepare() throws InterruptedException, SQLException {
        for (int i = 0; i < 4; i++) stock.put("p-" + run + "-plenty" + i, PLENTY);
        for (int i = 0; i < 2; i++) stock.put("p-" + run + "-few" + i, FEW);
        var databases = lab.databases();
        try (var connection = databases.server(databases.primary()).connect()) {
            for (var product : stock.entrySet()) {
                TestProducts.create(connection, product.getKey(), 1250, product.getValue());
            }
        }
        Waiting.until("the products to reach the standby", databases::isCaughtUp);
        var store = lab.regions().getFirst().dynamo();
        var all = LabTables.scan(store, LabTables.MYSFITS);
        all.keySet().stream().filter(mysfit -> !AdoptablePool.isOne(mysfit)).forEach(mysfits::add);
        adoptables.addAll(AdoptablePool.create(store, run, all));
        likesBefore.putAll(LabTables.likes(store));
        var random = new Random(options.seed());
        for (int i = 0; i < CLIENTS; i++)
            clients.add(new Client(this, lab.router().port(), i, new Random(random.nextLong())));
    }
}
