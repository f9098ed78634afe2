package dev.meridian.lab;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The processes of the lab and what lies between them: two Regions, what replicates between them, and the router.
/// All of it ends with the JVM.
final class Stage implements AutoCloseable {
    static final List<String> REGIONS = List.of("eu-west-1", "us-east-1");

    private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Events events = new Events();
    private final Databases databases;
    private final Replicator replicator;
    private final Router router;
    private final Sampler sampler;
    private final Thread onExit = new Thread(this::end);
    private volatile Broken broken;

    /// Starts everything and waits until both Regions are healthy and have the sample data.
    Stage(LabOptions options) throws IOException, InterruptedException, SQLException {
        broken = options.broken();
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
                // Replication brings the samples to the other Region.
                var settings = ServiceSettings.of(databases, i, i == 0, hasSettler());
                sites.add(opened(new Site(REGIONS.get(i), store, front, settings)));
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
            sampler = opened(new Sampler(sites, databases));
            awaitHealthy();
            while (!replicator.isIdle()) Thread.sleep(50);
            // The samples are there: services that come back need not look.
            configure();
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.addFirst(part);
        return part;
    }

    private boolean hasSettler() {
        return broken != Broken.NO_RECOVERY;
    }

    private void configure() {
        for (int i = 0; i < sites.size(); i++)
            sites.get(i).configure(ServiceSettings.of(databases, i, false, hasSettler()));
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
    void awaitHealthy() throws InterruptedException {
        long deadline = System.nanoTime() + HEALTHY_WITHIN.toNanos();
        while (!router.isHealthy(0) || !router.isHealthy(1)) {
            if (System.nanoTime() > deadline)
                throw new IllegalStateException("the Regions are not healthy: " + events.last());
            Thread.sleep(50);
        }
    }

    /// Puts a defect in place of the present one, without starting anew but for the services, where it is theirs.
    void breakBy(Broken defect) throws IOException, InterruptedException {
        boolean isServices = defect == Broken.NO_RECOVERY || broken == Broken.NO_RECOVERY;
        broken = defect;
        if (!isServices) return;
        for (var site : sites) site.kill();
        configure();
        startServices();
        awaitHealthy();
    }

    Broken broken() {
        return broken;
    }

    Events events() {
        return events;
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

    Router router() {
        return router;
    }

    Sampler sampler() {
        return sampler;
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
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("the lab does not end cleanly: " + e);
            }
        }
        parts.clear();
    }
}
