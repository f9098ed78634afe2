import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Measures the modes of the service in turn, on the same stores. `bench/run --help` describes the options. */
public final class Bench {
    static final Set<Process> children = ConcurrentHashMap.newKeySet();

    /** One operation in one round. */
    record Measured(
            Load.Result load, Service.Cpu cpu, double storeCpu, Map<String, Double> storeCalls, int clients) {}

    /** An operation at a fixed rate, and a bare store write at the same rate. */
    record Half(Load.Result load, Load.Result store, double perSecond) {}

    /** The results of one mode. */
    static final class Run {
        final Service.Mode mode;
        final List<double[]> starts = new ArrayList<>();
        final List<double[]> memoryAtReady = new ArrayList<>();
        final List<double[]> memoryAfter = new ArrayList<>();
        final List<double[]> threads = new ArrayList<>();
        final Map<String, List<Measured>> operations = new LinkedHashMap<>();
        final Map<String, List<Half>> halves = new LinkedHashMap<>();

        Run(Service.Mode mode) {
            this.mode = mode;
        }
    }

    /** The command-line options. */
    static final class Options {
        final List<String> modes = new ArrayList<>();
        int starts = 20;
        int rounds = 3;
        long requests = 10_000;
        double seconds = 5;
        int clients = 8;
        List<String> operations = List.copyOf(Operations.ALL.keySet());
        List<String> half = List.of("cart-add", "like");
        int processors = 1;
        String heap = "256m";
        String young;
        /** A variable of the environment and its values: each mode runs with each of them. */
        Map.Entry<String, List<String>> each;
        boolean ratios;
        final Map<String, String> environment = new LinkedHashMap<>();
        int limitMinutes = 45;
        boolean profile;
        boolean hot;
        boolean overload;
        int hold = 50;
        List<Integer> times = List.of(3, 7);
        Path out = Path.of("target/bench");

        Options(String[] arguments) throws Exception {
            for (int i = 0; i < arguments.length; i++) {
                var name = arguments[i];
                if (name.equals("--quick")) {
                    starts = 3;
                    rounds = 1;
                    requests = 2_000;
                    seconds = 1;
                    limitMinutes = 4;
                    continue;
                }
                if (name.equals("--profile")) {
                    profile = true;
                    continue;
                }
                if (name.equals("--ratios")) {
                    ratios();
                    continue;
                }
                if (name.equals("--dynamo")) {
                    ratios();
                    each = Map.entry("MERIDIAN_DYNAMO_CLIENT", List.of("sdk", "own"));
                    operations = List.of("topology", "cart", "cart-add", "mysfits", "order");
                    continue;
                }
                if (name.equals("--hot")) {
                    hot = true;
                    seconds = 20;
                    limitMinutes = 10;
                    environment.put("MERIDIAN_ADMIN_TOKEN", HotProduct.ADMIN_TOKEN);
                    continue;
                }
                if (name.equals("--overload")) {
                    overload = true;
                    seconds = 20;
                    requests = 4_000;
                    clients = 16;
                    limitMinutes = 10;
                    times = List.of(1, 3);
                    each = Map.entry(Overload.SWITCH, List.of("false", "true"));
                    continue;
                }
                if (i + 1 == arguments.length) throw new IllegalArgumentException(name + " needs a value, see --help");
                var value = arguments[++i];
                switch (name) {
                    case "--mode" -> modes.add(value);
                    case "--starts" -> starts = Integer.parseInt(value);
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--requests" -> requests = Long.parseLong(value);
                    case "--seconds" -> seconds = Double.parseDouble(value);
                    case "--clients" -> clients = Integer.parseInt(value);
                    case "--operations" -> operations = known(value);
                    case "--half" -> half = value.equals("-") ? List.of() : known(value);
                    case "--processors" -> processors = Integer.parseInt(value);
                    case "--heap" -> heap = value;
                    case "--young" -> young = value;
                    case "--each" -> each = Map.entry(value.split("=", 2)[0], List.of(value.split("=", 2)[1].split(",")));
                    case "--env" -> environment.put(value.split("=", 2)[0], value.split("=", 2)[1]);
                    case "--hold" -> hold = Integer.parseInt(value);
                    case "--times" -> times = Stream.of(value.split(",")).map(Integer::valueOf).toList();
                    case "--limit" -> limitMinutes = Integer.parseInt(value);
                    case "--out" -> out = Path.of(value);
                    default -> throw new IllegalArgumentException("unknown option " + name + ", see --help");
                }
            }
            if (modes.isEmpty()) {
                if (Service.Mode.runner().isPresent()) modes.add("native");
                boolean isEnough = ratios && !modes.isEmpty();
                if (!isEnough && Files.isDirectory(Path.of("target/quarkus-app"))) modes.addAll(List.of("jvm", "aot"));
            }
            if (modes.isEmpty()) throw new IllegalArgumentException("nothing is built: ./mvnw package, or --mode");
        }

        /** The memory bounds are those of the manifests. */
        private void ratios() {
            ratios = true;
            starts = 5;
            rounds = 5;
            requests = 2_000;
            seconds = 2;
            half = List.of();
            heap = "160m";
            young = "16m";
            limitMinutes = 15;
        }

        private static List<String> known(String value) {
            var names = List.of(value.split(","));
            for (var name : names) {
                if (!Operations.ALL.containsKey(name)) throw new IllegalArgumentException("unknown operation " + name);
            }
            return names;
        }
    }

    private final Options options;
    private final Stores stores;
    private final List<Run> runs = new ArrayList<>();
    private final Instant begin = Instant.now();
    private double loadBefore;
    private static volatile Bench current;

    private Bench(Options options, Stores stores) {
        this.options = options;
        this.stores = stores;
    }

    public static void main(String[] arguments) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(Bench::endChildren));
        try {
            var options = new Options(arguments);
            Files.createDirectories(options.out);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    Thread.sleep(Duration.ofMinutes(options.limitMinutes));
                    System.err.println("bench: out of time, ending everything");
                    var bench = current;
                    if (bench != null) bench.report();
                    System.exit(2);
                } catch (Exception e) {
                    System.err.println("bench: " + e);
                    System.exit(2);
                }
            });
            try (var stores = new Stores(options.out.toAbsolutePath().resolve("stores"))) {
                var bench = new Bench(options, stores);
                if (options.hot) System.exit(bench.hot() ? 0 : 1);
                if (options.overload) System.exit(bench.overload() ? 0 : 1);
                bench.run();
            }
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void endChildren() {
        for (var child : children) {
            child.descendants().forEach(ProcessHandle::destroy);
            child.destroy();
        }
    }

    private void prepare() throws Exception {
        for (var option : options.modes) {
            var mode = Service.Mode.of(option, options);
            if (options.each == null) runs.add(new Run(mode));
            else for (var value : options.each.getValue()) {
                var name = options.modes.size() == 1 ? value : mode.name() + " " + value;
                runs.add(new Run(mode.with(name, options.each.getKey(), value)));
            }
        }
        System.out.println("preparing data");
        stores.prepare(runs.getFirst().mode, log("prepare"));
        loadBefore = load();
    }

    /// Overload by one product. @return whether all targets are met
    private boolean hot() throws Exception {
        prepare();
        var table = new StringBuilder(HotProduct.head());
        boolean met = true;
        int number = 0;
        for (var run : runs) {
            try (var service = service(run)) {
                service.awaitReady();
                var hot = new HotProduct(service, stores.sqlUrl(), options.seconds, options.hold);
                for (int times : options.times) {
                    var row = hot.measure(run.mode.name(), times, number++);
                    table.append('\n').append(row.getKey());
                    met &= row.getValue();
                }
            }
        }
        System.out.printf("%s%nEach order holds the row for %d ms. Load average %.1f before, %.1f after. %s%n",
                table, options.hold, loadBefore, load(), met ? "Targets met." : "TARGETS MISSED.");
        return met;
    }

    /// Overload by everything, without load shedding and with it. @return whether all targets are met with it
    private boolean overload() throws Exception {
        prepare();
        var table = new StringBuilder(Overload.head());
        boolean met = true;
        double capacity = 0;
        for (var run : runs) {
            boolean isShedding = Boolean.parseBoolean(run.mode.environment().get(Overload.SWITCH));
            try (var service = service(run)) {
                service.awaitReady();
                var overload = new Overload(service, options.seconds, options.clients);
                // Both are offered the same: what the service answers when it refuses nothing.
                double own = overload.capacity(options.requests);
                if (!isShedding || capacity == 0) capacity = own;
                double quiet = overload.quiet(capacity);
                for (int times : options.times) {
                    var row = overload.measure(run.mode.name(), capacity, quiet, times);
                    table.append('\n').append(row.getKey());
                    if (isShedding && times > 1) met &= row.getValue();
                    System.out.println(row.getKey());
                }
                if (options.profile) service.dumpProfile(options.out.resolve(run.mode.name() + ".jfr"));
            }
        }
        System.out.printf("%s%nLoad average %.1f before, %.1f after. %s%n",
                table, loadBefore, load(), met ? "Targets met." : "TARGETS MISSED.");
        return met;
    }

    private void run() throws Exception {
        prepare();
        current = this;
        for (int i = 0; i < options.starts; i++) {
            for (var run : rotated(i)) start(run);
        }
        for (int i = 0; i < options.rounds; i++) {
            if (options.ratios) alternate(i);
            else for (var run : rotated(i)) measure(run, i);
        }
        report();
    }

    /// All modes serve at once, on a new DynamoDB, and each operation is measured on one after the other, so that
    /// what else the machine does affects all of them.
    private void alternate(int round) throws Exception {
        System.out.printf("round %d of %d%n", round + 1, options.rounds);
        stores.renewDynamo();
        stores.prepare(runs.getFirst().mode, log("prepare"));
        var services = new LinkedHashMap<Run, Service>();
        try {
            for (var run : rotated(round)) {
                var service = service(run);
                services.put(run, service);
                warm(run, service);
                run.threads.add(new double[] {service.threads()});
            }
            for (var name : options.operations) {
                for (var each : services.entrySet()) {
                    var measured = operation(each.getValue(), name);
                    each.getKey().operations.computeIfAbsent(name, _ -> new ArrayList<>()).add(measured);
                    tell(each.getKey().mode.name() + " " + name, measured);
                }
            }
        } finally {
            for (var service : services.values()) service.close();
        }
    }

    private void warm(Run run, Service service) throws Exception {
        service.awaitReady();
        run.memoryAtReady.add(service.memory());
        var warm = new Load(service.port, options.clients, Operations.mixed(options.operations)).turns(options.requests);
        if (warm.errors() > 0) System.out.println("  errors: " + warm.errors() + ", " + warm.error());
        run.memoryAfter.add(service.memory());
    }

    /// Also prints a partial result when the time is up.
    private void report() throws Exception {
        var report = new Report(options, stores.engine(), runs, begin, loadBefore, load());
        report.write();
        System.out.println(report.markdown());
    }

    private List<Run> rotated(int round) {
        var all = new ArrayList<>(runs);
        Collections.rotate(all, -round);
        return all;
    }

    private Path log(String name) {
        return options.out.resolve(name + ".log");
    }

    private Service service(Run run) throws Exception {
        var environment = stores.environment();
        environment.putAll(options.environment);
        environment.putAll(run.mode.environment());
        return new Service(run.mode, environment, log(run.mode.name()));
    }

    private void start(Run run) throws Exception {
        try (var service = service(run)) {
            run.starts.add(service.awaitReady());
        }
    }

    private void measure(Run run, int round) throws Exception {
        System.out.printf("round %d of %d: %s%n", round + 1, options.rounds, run.mode.name());
        try (var service = service(run)) {
            warm(run, service);
            run.threads.add(new double[] {service.threads()});
            for (var name : options.operations) {
                var measured = operation(service, name);
                run.operations.computeIfAbsent(name, _ -> new ArrayList<>()).add(measured);
                tell(name, measured);
                if (options.half.contains(name)) {
                    var half = half(service, name, measured.load().perSecond() / 2);
                    run.halves.computeIfAbsent(name, _ -> new ArrayList<>()).add(half);
                }
            }
            if (options.profile) service.dumpProfile(options.out.resolve(run.mode.name() + "-" + round + ".jfr"));
        }
    }

    private Duration time() {
        return Duration.ofMillis(Math.round(options.seconds * 1000));
    }

    private Measured operation(Service service, String name) throws Exception {
        int clients = Operations.clients(name, options.clients);
        var load = new Load(service.port, clients, Operations.ALL.get(name));
        load.turns(clients * 10L);
        var calls = service.storeCalls();
        var storeCpu = stores.cpu();
        var cpu = service.cpu();
        var result = load.closed(time());
        var used = service.cpu().minus(cpu);
        var storeUsed = stores.cpu().minus(storeCpu).total();
        var made = service.storeCalls();
        calls.forEach((operation, count) -> made.merge(operation, -count, Double::sum));
        made.values().removeIf(count -> count < 0.5);
        return new Measured(result, used, storeUsed, made, clients);
    }

    /** The store before and after the service, so that other load on the machine affects both. */
    private Half half(Service service, String name, double perSecond) throws Exception {
        var direct = new Load(stores.dynamoPort(), options.clients, Operations.STORE.get(name));
        direct.turns(200);
        var part = time().dividedBy(2);
        var before = direct.fixed(part, perSecond);
        var through = new Load(service.port, options.clients, Operations.ALL.get(name)).fixed(time(), perSecond);
        var after = direct.fixed(part, perSecond);
        var both = new Load.Result(
                Load.merge(List.of(before.nanos(), after.nanos())),
                before.errors() + after.errors(),
                before.seconds() + after.seconds(),
                before.error() != null ? before.error() : after.error());
        if (both.errors() > 0) System.out.println("  store: " + both.error());
        return new Half(through, both, perSecond);
    }

    private static void tell(String name, Measured m) {
        System.out.printf(
                "  %-16s %7.0f /s  p50 %6.2f  p99 %7.2f ms  cpu %5.0f µs  errors %d %s%n",
                name,
                m.load().perSecond(),
                m.load().millis(0.5),
                m.load().millis(0.99),
                m.cpu().total() * 1e6 / m.load().nanos().length,
                m.load().errors(),
                m.load().error() == null ? "" : m.load().error());
    }

    static double load() throws Exception {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }
}
