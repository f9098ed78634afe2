package dev.meridian.lab;

import dev.meridian.lab.check.Checker;
import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.Databases;
import dev.meridian.lab.cluster.Events;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.Router;
import dev.meridian.lab.fault.Fault;
import dev.meridian.lab.fault.Faults;
import dev.meridian.lab.replication.Replicator;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;

/// The lab itself: two Regions, their faults, and the clients.
final class TwoRegions implements Lab {
    private static final int STARTS = 3;
    private static final Set<Fault> CLOCKS = EnumSet.of(Fault.CLOCK_FAST, Fault.CLOCK_SLOW);

    private final LabOptions options;
    private final LabProcesses processes;
    private final Faults faults;
    private volatile Workload workload;

    private TwoRegions(LabOptions options) throws IOException, InterruptedException, SQLException {
        this.options = options;
        processes = new LabProcesses(options);
        faults = new Faults(processes.regions(), processes.databases(), processes.replicator(), processes.events());
        workload = new Workload(processes, options);
    }

    /// On a busy machine a service may run into its own timeouts during startup, so this tries more than once.
    static TwoRegions start(LabOptions options) {
        for (int left = STARTS - 1; ; left--) {
            try {
                return new TwoRegions(options);
            } catch (IOException | SQLException | IllegalStateException | CompletionException e) {
                if (left == 0) throw new IllegalStateException("The lab did not start", e);
                System.out.println("The Regions did not start. Is the machine busy? Trying again …");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    // For schedules and tests
    // ----------------------------------------------------------------------------------------

    LabProcesses processes() {
        return processes;
    }

    Databases databases() {
        return processes.databases();
    }

    Replicator replicator() {
        return processes.replicator();
    }

    void replicationLag(Duration lag) {
        processes.replicator().lag(options.delay(lag));
    }

    Router theRouter() {
        return processes.router();
    }

    Events events() {
        return processes.events();
    }

    Workload workload() {
        return workload;
    }

    // The interface
    // --------------------------------------------------------------------------------------------------

    @Override
    public String artifact() {
        return whichArtifact();
    }

    /// The artifact that a lab would run.
    static String whichArtifact() {
        var binary = new File(System.getProperty("native.image.path", "no-such-file"));
        return binary.canExecute() ? "native binary " + binary.getName() : "jar target/quarkus-app/quarkus-run.jar";
    }

    @Override
    public Duration roundTrip() {
        return options.roundTrip();
    }

    @Override
    public List<String> regions() {
        return processes.regionNames();
    }

    @Override
    public URI router() {
        return LabProcesses.local(theRouter().port());
    }

    @Override
    public URI service(String region) {
        return processes.service(region);
    }

    @Override
    public URI administration(String region) {
        return processes.administration(region);
    }

    @Override
    public String sqlUrl(String region) {
        return "jdbc:" + databases().server(regions().indexOf(region)).url() + "?user=postgres&password=any";
    }

    @Override
    public Set<String> lostTail() {
        return faults.lostTail();
    }

    @Override
    public LabState state() {
        var regions = new ArrayList<RegionState>();
        int all = Math.max(
                1, theRouter().traffic(0).rate() + theRouter().traffic(1).rate());
        for (int i = 0; i < processes.regions().size(); i++) regions.add(regionState(i, all));
        return new LabState(
                System.currentTimeMillis(),
                artifact(),
                databases().hasWriter() ? regions().get(databases().primary()) : "none",
                replicator().age().toMillis(),
                processes.sampler().sqlLagBytes(),
                processes.sampler().sqlLagMillis(),
                regions,
                faults.active(),
                events().last(),
                workload.counters());
    }

    private RegionState regionState(int i, int allRequests) {
        var router = theRouter();
        var traffic = router.traffic(i);
        var sql = faults.sqlState(i);
        return new RegionState(
                regions().get(i),
                processes.regions().get(i).isUp(),
                router.isHealthy(i),
                router.isDrained(i),
                100 * traffic.rate() / allRequests,
                traffic.requests(),
                traffic.errors(),
                traffic.percentile(0.5),
                traffic.percentile(0.99),
                processes.sampler().openOrders(i),
                processes.regions().get(i).dynamoState(),
                sql,
                sql.equals("dead") ? "none" : databases().primary() == i ? "writer" : "reader");
    }

    @Override
    public void inject(Fault fault, String region) {
        int index = regions().indexOf(region);
        ThrowingAction.run(() -> faults.inject(fault, Math.max(index, 0)));
        if (fault == Fault.HEAL) {
            workload.wantOneProduct(false);
            ThrowingAction.run(processes::awaitHealthy);
        } else if (fault == Fault.HOT_PRODUCT) {
            workload.wantOneProduct(true);
        }
        if (CLOCKS.contains(fault)) workload.clocksDiffered();
    }

    @Override
    public void heal() {
        inject(Fault.HEAL, regions().getFirst());
    }

    @Override
    public void startLoad() {
        ThrowingAction.run(workload::start);
    }

    @Override
    public void stopLoad() {
        ThrowingAction.run(workload::stop);
    }

    @Override
    public Verdict check() {
        stopLoad();
        heal();
        return new Checker(processes, workload).check();
    }

    /// Replaces the current defect.
    void seed(SeededDefect defect) throws IOException, InterruptedException, SQLException {
        processes.seed(defect);
    }

    /// Starts a new history: only requests from now on are checked.
    void newRun(long seed, double rate) {
        stopLoad();
        workload = new Workload(processes, options.withSeed(seed).withRate(rate));
    }

    /// As [#newRun], and all buyers want one product.
    void newCrowd(long seed, double rate) {
        newRun(seed, rate);
        workload.wantOneProduct(true);
    }

    @Override
    public void close() {
        workload.abandon();
        processes.close();
    }
}
