import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The results as JSON, Markdown and SVG. Rounds are combined from samples and sums, not from means. */
final class Report {
    private final Bench.Options options;
    private final List<Bench.Run> runs;
    private final Instant begin;
    private final String engine;
    private final double loadBefore;
    private final double loadAfter;

    Report(Bench.Options options, String engine, List<Bench.Run> runs, Instant begin, double loadBefore, double loadAfter) {
        this.options = options;
        this.runs = runs;
        this.begin = begin;
        this.engine = engine;
        this.loadBefore = loadBefore;
        this.loadAfter = loadAfter;
    }

    void write() throws Exception {
        Files.writeString(options.out.resolve("raw.json"), json(raw()) + "\n");
        Files.writeString(options.out.resolve("report.md"), markdown());
        var names = runs.stream().map(r -> r.mode.name()).toList();
        Files.writeString(
                options.out.resolve("start.svg"),
                new Plot("Start to ready, median", "ms", names)
                        .group("ready", each(r -> median(r.starts, 0)))
                        .group("with both stores", each(r -> median(r.starts, 1)))
                        .svg());
        Files.writeString(
                options.out.resolve("memory.svg"),
                new Plot("Resident memory (RSS), median", "MB", names)
                        .group("at ready", each(r -> median(r.memoryAtReady, 0)))
                        .group("after " + options.requests + " requests", each(r -> median(r.memoryAfter, 0)))
                        .svg());
        plot("cpu", "Processor time of the service per request", "µs", Report::cpuMicros);
        plot("throughput", "Throughput, closed loop", "/s", Report::perSecond);
        plot("p99", "Slowest of a hundred (p99), closed loop", "ms", m -> millis(m, 0.99));
    }

    private void plot(String file, String title, String unit, ToDoubleFunction<List<Bench.Measured>> value)
            throws Exception {
        var plot = new Plot(title, unit, runs.stream().map(r -> r.mode.name()).toList());
        for (var name : options.operations) {
            plot.group(name, each(r -> r.operations.containsKey(name) ? value.applyAsDouble(r.operations.get(name)) : Double.NaN));
        }
        Files.writeString(options.out.resolve(file + ".svg"), plot.svg());
    }

    private double[] each(ToDoubleFunction<Bench.Run> value) {
        return runs.stream().mapToDouble(value).toArray();
    }

    String markdown() throws Exception {
        var text = new StringBuilder();
        text.append("Machine: ").append(machine()).append(". DynamoDB: ").append(engine).append(". Load average before and after: ")
                .append(number(loadBefore)).append(", ").append(number(loadAfter)).append(".\n\n");
        text.append("| Mode | Ready, ms (min to max) | Ready with both stores, ms (min to max) | RSS at ready, MB | RSS after ")
                .append(options.requests).append(" requests, MB | PSS after, MB | Threads |\n|---|---|---|---|---|---|---|\n");
        for (var run : runs) {
            row(text, run.mode.name(), range(run.starts, 0), range(run.starts, 1), number(median(run.memoryAtReady, 0)),
                    range(run.memoryAfter, 0), number(median(run.memoryAfter, 1)), number(median(run.threads, 0)));
        }
        text.append("\n| Operation | Mode | Clients | Requests/s | p50 ms | p90 ms | p99 ms | max ms | CPU µs (user + system) | "
                + "each round | Store calls | Errors |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (var name : options.operations) {
            for (var run : runs) {
                if (run.operations.containsKey(name)) operation(text, name, run.mode.name(), run.operations.get(name));
            }
        }
        if (options.ratios) ratios(text);
        if (!options.half.isEmpty()) {
            text.append("\n| At half load | Mode | Requests/s | p50 ms | p99 ms | max ms | Store p50 ms | Store p99 ms | p99 / p99 |\n"
                    + "|---|---|---|---|---|---|---|---|---|\n");
        }
        for (var name : options.half) {
            for (var run : runs) {
                if (run.halves.containsKey(name)) half(text, name, run.mode.name(), run.halves.get(name));
            }
        }
        return text.toString();
    }

    private static void operation(StringBuilder text, String name, String mode, List<Bench.Measured> rounds) {
        double requests = requests(rounds);
        double user = rounds.stream().mapToDouble(m -> m.cpu().user()).sum() * 1e6 / requests;
        double system = rounds.stream().mapToDouble(m -> m.cpu().system()).sum() * 1e6 / requests;
        var calls = new TreeMap<String, Double>();
        rounds.forEach(m -> m.storeCalls().forEach((k, v) -> calls.merge(k, v, Double::sum)));
        calls.replaceAll((_, v) -> v / requests);
        calls.values().removeIf(v -> v < 0.005);
        var each = rounds.stream().map(m -> number(cpuMicros(List.of(m)))).toList();
        row(text, name, mode, Integer.toString(rounds.getFirst().clients()), number(perSecond(rounds)),
                number(millis(rounds, 0.5)), number(millis(rounds, 0.9)), number(millis(rounds, 0.99)),
                number(millis(rounds, 1)),
                number(user + system) + " (" + number(user) + " + " + number(system) + ")", String.join(", ", each),
                String.join(", ", calls.entrySet().stream().map(e -> e.getKey() + " " + number(e.getValue())).toList()),
                Long.toString(rounds.stream().mapToLong(m -> m.load().errors()).sum()));
    }

    /** Processor time as medians over the rounds, and relative to the first mode in the same round. */
    private void ratios(StringBuilder text) {
        var first = runs.getFirst();
        text.append("\nMeasured after ").append(options.requests).append(" mixed requests.\n\n| Operation | Mode | CPU µs, median | CPU / ")
                .append(first.mode.name()).append(", median (min to max) |\n|---|---|---|---|\n");
        for (var name : options.operations) {
            for (var run : runs) {
                var own = perRound(run, name);
                var reference = perRound(first, name);
                var ratios = new ArrayList<double[]>();
                for (int i = 0; i < Math.min(own.size(), reference.size()); i++) {
                    ratios.add(new double[] {own.get(i)[0] / reference.get(i)[0]});
                }
                row(text, name, run.mode.name(), number(median(own, 0)), range(ratios, 0));
            }
        }
    }

    private static List<double[]> perRound(Bench.Run run, String operation) {
        return run.operations.getOrDefault(operation, List.of()).stream()
                .map(m -> new double[] {cpuMicros(List.of(m))})
                .toList();
    }

    private static void half(StringBuilder text, String name, String mode, List<Bench.Half> rounds) {
        var through = Load.merge(rounds.stream().map(h -> h.load().nanos()).toList());
        var direct = Load.merge(rounds.stream().map(h -> h.store().nanos()).toList());
        double rate = rounds.stream().mapToDouble(Bench.Half::perSecond).average().orElseThrow();
        double p99 = Load.quantile(through, 0.99) / 1e6;
        double store = Load.quantile(direct, 0.99) / 1e6;
        row(text, name, mode, number(rate), number(Load.quantile(through, 0.5) / 1e6), number(p99),
                number(Load.quantile(through, 1) / 1e6), number(Load.quantile(direct, 0.5) / 1e6), number(store),
                number(p99 / store));
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static double requests(List<Bench.Measured> rounds) {
        return rounds.stream().mapToDouble(m -> m.load().nanos().length).sum();
    }

    static double cpuMicros(List<Bench.Measured> rounds) {
        return rounds.stream().mapToDouble(m -> m.cpu().total()).sum() * 1e6 / requests(rounds);
    }

    static double perSecond(List<Bench.Measured> rounds) {
        return requests(rounds) / rounds.stream().mapToDouble(m -> m.load().seconds()).sum();
    }

    static double millis(List<Bench.Measured> rounds, double quantile) {
        return Load.quantile(Load.merge(rounds.stream().map(m -> m.load().nanos()).toList()), quantile) / 1e6;
    }

    private static double median(List<double[]> values, int column) {
        var sorted = values.stream().mapToDouble(v -> v[column]).sorted().toArray();
        if (sorted.length == 0) return Double.NaN;
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String range(List<double[]> values, int column) {
        if (values.isEmpty()) return "";
        var all = values.stream().mapToDouble(v -> v[column]).summaryStatistics();
        return number(median(values, column)) + " (" + number(all.getMin()) + " to " + number(all.getMax()) + ")";
    }

    /** Three significant digits. */
    static String number(double value) {
        if (Double.isNaN(value)) return "";
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    private static String machine() throws Exception {
        var model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(l -> l.startsWith("model name"))
                .map(l -> l.substring(l.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
        long memory = Long.parseLong(Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D", "")) >> 20;
        var kernel = System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1");
        return "%d processors (%s), %d GB, Linux %s, JDK %s".formatted(
                Runtime.getRuntime().availableProcessors(), model, memory, kernel, System.getProperty("java.version"));
    }

    private Map<String, Object> raw() throws Exception {
        var all = new LinkedHashMap<String, Object>();
        all.put("begin", begin.truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("seconds", Duration.between(begin, Instant.now()).toSeconds());
        all.put("machine", machine());
        all.put("dynamodb", engine);
        all.put("loadAverage", List.of(loadBefore, loadAfter));
        all.put("rounds", options.rounds);
        all.put("secondsPerOperation", options.seconds);
        all.put("clients", options.clients);
        all.put("mixedRequests", options.requests);
        all.put("processors", options.processors);
        all.put("heap", options.heap);
        if (options.young != null) all.put("young", options.young);
        all.put("environment", options.environment);
        var modes = new ArrayList<Object>();
        for (var run : runs) modes.add(raw(run));
        all.put("modes", modes);
        return all;
    }

    private static Map<String, Object> raw(Bench.Run run) {
        var all = new LinkedHashMap<String, Object>();
        all.put("name", run.mode.name());
        all.put("environment", run.mode.environment());
        all.put("threads", run.threads);
        all.put("startMillis", run.starts);
        all.put("memoryAtReadyMb", run.memoryAtReady);
        all.put("memoryAfterMb", run.memoryAfter);
        var operations = new LinkedHashMap<String, Object>();
        run.operations.forEach((name, rounds) -> operations.put(name, rounds.stream().map(Report::raw).toList()));
        all.put("operations", operations);
        var halves = new LinkedHashMap<String, Object>();
        run.halves.forEach((name, rounds) -> halves.put(
                name,
                rounds.stream()
                        .map(h -> Map.of("perSecond", h.perSecond(), "service", raw(h.load()), "store", raw(h.store())))
                        .toList()));
        all.put("halfLoad", halves);
        return all;
    }

    private static Map<String, Object> raw(Bench.Measured m) {
        var all = raw(m.load());
        all.put("clients", m.clients());
        all.put("cpuUserSeconds", m.cpu().user());
        all.put("cpuSystemSeconds", m.cpu().system());
        all.put("dynamoCpuSeconds", m.storeCpu());
        all.put("storeCalls", m.storeCalls());
        return all;
    }

    private static Map<String, Object> raw(Load.Result load) {
        var all = new LinkedHashMap<String, Object>();
        all.put("requests", load.nanos().length);
        all.put("errors", load.errors());
        all.put("seconds", load.seconds());
        for (var q : new double[] {0.5, 0.9, 0.99, 0.999, 1}) all.put("p" + q * 100 + "Millis", load.millis(q));
        return all;
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map -> "{" + String.join(",", map.entrySet().stream()
                    .map(e -> "\"" + e.getKey() + "\":" + json(e.getValue())).toList()) + "}";
            case List<?> list -> "[" + String.join(",", list.stream().map(Report::json).toList()) + "]";
            case double[] list -> "[" + String.join(",", java.util.Arrays.stream(list).mapToObj(Report::json).toList()) + "]";
            case Double d -> Double.isFinite(d) ? Double.toString(Math.round(d * 1e6) / 1e6) : "null";
            case Number n -> n.toString();
            default -> "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        };
    }
}
