package dev.meridian.lab;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The lab itself: two Regions, what replicates between them, the router and the clients.
final class TwoRegions implements Lab {
    private static final List<String> REGIONS = List.of("eu-west-1", "us-east-1");
    private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final LabOptions options;
    private volatile Broken broken;
    private final Events events = new Events();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Databases databases;
    private final Replicator replicator;
    private final Router router;
    private final Faults faults;
    private final Sampler sampler;
    private final Thread onExit = new Thread(this::end);
    private Workload workload;

    private TwoRegions(LabOptions options) throws IOException, InterruptedException, SQLException {
        this.options = options;
        this.broken = options.broken();
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            var stores = new LinkedHashMap<String, DynamoLocal>();
            for (var region : REGIONS) stores.put(region, opened(new DynamoLocal(region)));
            databases = opened(new Databases(events::add));
            for (var store : stores.values()) NewTables.create(store.await());
            var strong = LabTables.strong(options.mrsc());
            for (int i = 0; i < REGIONS.size(); i++) {
                var store = stores.get(REGIONS.get(i));
                var first = stores.get(REGIONS.getFirst());
                var front = new DynamoFront(store.port(), first.port(), LabTables.all(), strong, () -> broken);
                sites.add(opened(new Site(REGIONS.get(i), store, front, serviceConfig(i))));
            }
            var weak = LabTables.all().stream()
                    .filter(name -> !strong.contains(name))
                    .toList();
            replicator =
                    opened(new Replicator(stores, weak, options.replicationLag(), LOOK, () -> broken, events::add));
            for (var site : sites) site.front().tell(table -> replicator.observe(site.region(), table));
            startServices();
            var ports = sites.stream().map(Site::port).toList();
            router = opened(new Router(REGIONS, ports, options, events::add));
            faults = new Faults(sites, databases, replicator, events);
            sampler = opened(new Sampler(sites, databases));
            awaitHealthy();
            while (!replicator.isIdle()) Thread.sleep(50);
            workload = new Workload(this, options);
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static TwoRegions start(LabOptions options) {
        try {
            return new TwoRegions(options);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("The lab did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.addFirst(part);
        return part;
    }

    private void startServices() throws InterruptedException, IOException {
        var failures = new ArrayList<Exception>();
        var starts = sites.stream()
                .map(site -> Thread.ofVirtual().start(() -> {
                    try {
                        site.start();
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        synchronized (failures) {
                            failures.add(e);
                        }
                    }
                }))
                .toList();
        for (var start : starts) start.join();
        if (!failures.isEmpty()) throw new IOException("a service did not start", failures.getFirst());
    }

    /// Waits until the router takes both Regions for healthy.
    private void awaitHealthy() throws InterruptedException {
        long deadline = System.nanoTime() + HEALTHY_WITHIN.toNanos();
        while (!router.isHealthy(0) || !router.isHealthy(1)) {
            if (System.nanoTime() > deadline)
                throw new IllegalStateException("the Regions are not healthy: " + state());
            Thread.sleep(50);
        }
    }

    // What parts of the lab see of each other ------------------------------------------------------------------------

    LabOptions options() {
        return options;
    }

    Broken broken() {
        return broken;
    }

    List<Site> sites() {
        return sites;
    }

    Databases databases() {
        return databases;
    }

    Replicator replicator() {
        return replicator;
    }

    Router theRouter() {
        return router;
    }

    Events events() {
        return events;
    }

    Workload workload() {
        return workload;
    }

    // The interface --------------------------------------------------------------------------------------------------

    @Override
    public String artifact() {
        var binary = new File(System.getProperty("native.image.path", "no-such-file"));
        return binary.canExecute() ? "native binary " + binary.getName() : "jar target/quarkus-app/quarkus-run.jar";
    }

    @Override
    public List<String> regions() {
        return REGIONS;
    }

    @Override
    public URI router() {
        return URI.create("http://127.0.0.1:" + router.port());
    }

    @Override
    public URI service(String region) {
        return URI.create(
                "http://127.0.0.1:" + sites.get(REGIONS.indexOf(region)).port());
    }

    @Override
    public String sqlUrl(String region) {
        return "jdbc:" + databases.server(REGIONS.indexOf(region)).url() + "?user=postgres&password=any";
    }

    @Override
    public Set<String> lostTail() {
        return faults.lostTail();
    }

    @Override
    public LabState state() {
        var regions = new ArrayList<RegionState>();
        int all = Math.max(1, router.traffic(0).rate() + router.traffic(1).rate());
        for (int i = 0; i < sites.size(); i++) regions.add(regionState(i, all));
        return new LabState(
                System.currentTimeMillis(),
                artifact(),
                databases.hasWriter() ? REGIONS.get(databases.primary()) : "none",
                replicator.age().toMillis(),
                sampler.sqlLagBytes(),
                sampler.sqlLagMillis(),
                regions,
                faults.active(),
                events.last(),
                workload == null ? Counters.NONE : workload.counters());
    }

    private RegionState regionState(int i, int allRequests) {
        var traffic = router.traffic(i);
        var sql = faults.sqlState(i);
        return new RegionState(
                REGIONS.get(i),
                sites.get(i).isUp(),
                router.isHealthy(i),
                router.isDrained(i),
                100 * traffic.rate() / allRequests,
                traffic.requests(),
                traffic.errors(),
                traffic.percentile(0.5),
                traffic.percentile(0.99),
                sampler.openOrders(i),
                sites.get(i).dynamoState(),
                sql,
                sql.equals("dead") ? "none" : databases.primary() == i ? "writer" : "reader");
    }

    @Override
    public void inject(Fault fault, String region) {
        int index = REGIONS.indexOf(region);
        surgery(() -> faults.inject(fault, Math.max(index, 0)));
        if (fault == Fault.HEAL) surgery(this::awaitHealthy);
    }

    @Override
    public void heal() {
        inject(Fault.HEAL, REGIONS.getFirst());
    }

    /// Something that is done to the processes.
    private interface Operation {
        void run() throws IOException, InterruptedException, SQLException;
    }

    private static void surgery(Operation operation) {
        try {
            operation.run();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void startLoad() {
        surgery(workload::start);
    }

    @Override
    public void stopLoad() {
        surgery(workload::stop);
    }

    @Override
    public Verdict check() {
        stopLoad();
        heal();
        return new Checker(this).check();
    }

    /// Puts a defect in place of the present one, without starting anew but for the services, where it is theirs.
    void breakBy(Broken defect) throws IOException, InterruptedException {
        boolean isServices = defect == Broken.NO_RECOVERY || broken == Broken.NO_RECOVERY;
        broken = defect;
        if (!isServices) return;
        for (var site : sites) site.kill();
        for (int i = 0; i < sites.size(); i++) sites.get(i).configure(serviceConfig(i));
        startServices();
        awaitHealthy();
    }

    /// Forgets what clients were told; what they do from now on is checked on its own.
    void newRun(long seed, double rate) {
        stopLoad();
        workload = new Workload(this, options.withSeed(seed).withRate(rate));
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException _) {
            // The JVM ends already.
        }
        end();
    }

    private synchronized void end() {
        if (workload != null) workload.abandon();
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("the lab does not end cleanly: " + e);
            }
        }
        parts.clear();
    }

    /// What the services of the lab are told.
    private Map<String, String> serviceConfig(int region) {
        var config = new LinkedHashMap<String, String>();
        config.put("quarkus.profile", "test");
        config.put("meridian.tables.create", "false");
        // Replication brings them to the other Region.
        config.put("meridian.sample-data.enabled", Boolean.toString(region == 0));
        config.put("quarkus.flyway.migrate-at-start", "false");
        config.put("quarkus.log.category.\"dev.meridian\".level", "INFO");
        config.put("meridian.session.key", "the lab's key for both of its Regions");
        config.put("meridian.sql.username", "postgres");
        config.put("meridian.sql.password", "postgres");
        config.put("meridian.sql.writer-url", databases.url(region, 0));
        config.put("meridian.sql.writer-candidates", databases.url(region, 1));
        config.put("meridian.sql.reader-url", databases.url(region, region));
        config.put("meridian.sql.read-timeout", "1s");
        config.put("meridian.sql.write-timeout", "1500ms");
        config.put("meridian.sql.connect-timeout", "1s");
        config.put("meridian.sql.silence-limit", "600ms");
        config.put("meridian.dynamo.timeout", "2s");
        config.put("meridian.dynamo.attempt-timeout", "900ms");
        config.put("meridian.dynamo.connect-timeout", "1s");
        config.put("meridian.order.budget", "1500ms");
        config.put("meridian.order.journal-shards", "4");
        config.put("meridian.settler.enabled", Boolean.toString(broken != Broken.NO_RECOVERY));
        config.put("meridian.settler.grace", "2s");
        config.put("meridian.settler.idle", "600ms");
        config.put("meridian.settler.backoff-max", "1s");
        config.put("meridian.settler.retry-max", "5s");
        config.put("meridian.recovery.again-after", "2s");
        config.put("meridian.recovery.backoff-max", "2s");
        config.put("meridian.recovery.spread", "100ms");
        return config;
    }
}
