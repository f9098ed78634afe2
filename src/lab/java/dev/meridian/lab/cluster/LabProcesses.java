package dev.meridian.lab.cluster;

import dev.meridian.lab.LabOptions;
import dev.meridian.lab.SeededDefect;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.lab.replication.NewTables;
import dev.meridian.lab.replication.Replicator;
import dev.meridian.testing.DynamoLocal;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The processes of the lab and their connections: two Regions, the replication between them, and the router.
/// Everything ends with the JVM.
public final class LabProcesses implements AutoCloseable {
    static final List<String> REGIONS = List.of("eu-west-1", "us-east-1");

    /// The token of the administrator.
    public static final String ADMIN_TOKEN = "lab-administrator";

    private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final LabOptions options;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<LabRegion> regions = new ArrayList<>();
    private final StrongTables strong;
    private final Events events = new Events();
    private final Databases databases;
    private final Replicator replicator;
    private final Router router;
    private final Sampler sampler;
    private final Thread onExit = new Thread(this::end);
    private volatile SeededDefect defect;
    private Map<String, String> more = Map.of();
    private final Optional<MachineToken> machine;

    /// Starts everything and waits until both Regions are healthy and have the sample data.
    public LabProcesses(LabOptions options) throws IOException, InterruptedException, SQLException {
        this.options = options;
        defect = options.defect();
        machine = options.hasIdentity() ? Optional.of(new MachineToken()) : Optional.empty();
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            var stores = new LinkedHashMap<String, DynamoLocal>();
            for (var name : REGIONS) stores.put(name, opened(new DynamoLocal(name)));
            databases = opened(new Databases(options.roundTrip(), events::add));
            for (var store : stores.values()) NewTables.create(store.await());
            var strongNames = LabTables.strong(options.mrsc());
            strong = opened(new StrongTables(stores.get(REGIONS.getFirst()).port(), strongNames, options.roundTrip()));
            var fronts = new ArrayList<DynamoFront>();
            for (var name : REGIONS)
                fronts.add(new DynamoFront(name, stores.get(name).port(), strong, () -> defect));
            for (int i = 0; i < REGIONS.size(); i++) {
                var name = REGIONS.get(i);
                var otherPort = fronts.get(1 - i).port();
                regions.add(
                        opened(new LabRegion(name, stores.get(name), fronts.get(i), otherPort, options.roundTrip())));
            }
            var weak = LabTables.all().stream()
                    .filter(name -> !strongNames.contains(name))
                    .toList();
            replicator = opened(new Replicator(
                    stores, weak, options.delay(options.replicationLag()), LOOK, () -> defect, events::add));
            for (var region : regions) region.front().tell(table -> replicator.observe(region.name(), table));
            // Replication copies the samples to the other Region.
            configure(0);
            databases.migrate(ServiceSettings.ofMigration(place(0)));
            startServices();
            var ports = regions.stream().map(LabRegion::port).toList();
            router = opened(new Router(REGIONS, ports, options, events::add));
            sampler = opened(new Sampler(regions, databases));
            awaitHealthy();
            long healthy = System.nanoTime();
            while (!replicator.hasCopiedUntil(healthy)) Thread.sleep(50);
            // The samples exist now: restarted services need not check.
            configure(-1);
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.addFirst(part);
        return part;
    }

    /// By which clients prove whom they act for; empty where nobody has to.
    public Optional<MachineToken> machine() {
        return machine;
    }

    private boolean hasSettler() {
        return defect != SeededDefect.NO_RECOVERY;
    }

    /// @param samples the Region that loads the sample data, or -1
    private void configure(int samples) {
        for (int i = 0; i < regions.size(); i++) {
            var settings = new HashMap<>(ServiceSettings.of(place(i), i == samples, hasSettler()));
            machine.ifPresent(token -> settings.putAll(token.settings()));
            settings.putAll(more);
            regions.get(i).configure(settings);
        }
    }

    private ServiceSettings.Place place(int i) {
        var region = regions.get(i);
        var urls = List.of(databases.url(i, 0), databases.url(i, 1));
        return new ServiceSettings.Place(
                REGIONS, i, region.dynamoPort(), region.fallbackPort(), urls, databases.authority());
    }

    private void startServices() throws InterruptedException, IOException {
        var failures = new ArrayList<Exception>();
        var starts = regions.stream()
                .map(region -> Thread.ofVirtual().start(() -> {
                    try {
                        region.start();
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

    /// Waits until the router's health checks pass in both Regions.
    public void awaitHealthy() throws InterruptedException {
        long deadline = System.nanoTime() + HEALTHY_WITHIN.toNanos();
        while (!router.isHealthy(0) || !router.isHealthy(1)) {
            if (System.nanoTime() > deadline)
                throw new IllegalStateException("the Regions are not healthy: " + events.last());
            Thread.sleep(50);
        }
    }

    /// Sets who sees the calls of a Region's service to both stores; [StoreCalls#PASS] for nobody.
    public void watch(int region, StoreCalls watch) throws IOException {
        regions.get(region).front().watch(watch);
        databases.watch(region, watch);
    }

    /// Starts the services anew with other settings beside those of the lab; an empty map for none.
    public void restart(Map<String, String> settings) throws IOException, InterruptedException {
        more = Map.copyOf(settings);
        restartServices();
    }

    private void restartServices() throws IOException, InterruptedException {
        for (var region : regions) region.kill();
        configure(-1);
        startServices();
        awaitHealthy();
    }

    /// Replaces the current defect. Restarts only the services, and only for a defect in them.
    public void seed(SeededDefect defect) throws IOException, InterruptedException, SQLException {
        var writer = databases.server(databases.primary());
        if (SqlDefects.has(this.defect)) SqlDefects.remove(writer);
        if (SqlDefects.has(defect)) SqlDefects.make(defect, writer);
        boolean isServices = defect == SeededDefect.NO_RECOVERY || this.defect == SeededDefect.NO_RECOVERY;
        this.defect = defect;
        if (isServices) restartServices();
    }

    /// The options of this lab.
    public LabOptions options() {
        return options;
    }

    /// The current defect.
    public SeededDefect defect() {
        return defect;
    }

    /// The Regions; the SQL writer is in the first one at the start.
    public List<String> regionNames() {
        return REGIONS;
    }

    /// A Region's own service, past the router, through the proxy in front of it.
    public URI service(String region) {
        return local(regions.get(REGIONS.indexOf(region)).port());
    }

    /// The same service's port for administrators.
    public URI administration(String region) {
        return local(regions.get(REGIONS.indexOf(region)).adminPort());
    }

    /// An address of this machine.
    public static URI local(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// The events so far.
    public Events events() {
        return events;
    }

    /// The Regions; the SQL writer is in the first one at the start.
    public List<LabRegion> regions() {
        return regions;
    }

    /// The calls of DynamoDB that were refused so far, in both Regions.
    public Refused refused() {
        return regions.stream().map(region -> region.front().refusals().count()).reduce(strong.count(), Refused::plus);
    }

    /// PostgreSQL in both Regions.
    public Databases databases() {
        return databases;
    }

    /// The replicator of the DynamoDB tables.
    public Replicator replicator() {
        return replicator;
    }

    /// The router in front of both Regions.
    public Router router() {
        return router;
    }

    /// The figures that each need a query.
    public Sampler sampler() {
        return sampler;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException _) {
            // The JVM is already ending.
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
