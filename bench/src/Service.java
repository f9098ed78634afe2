import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One process of the service, and the kernel's figures for it. */
final class Service implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofSeconds(90);
    private static final byte[] READY = Operations.http("GET", "/q/health/ready", null);
    private static final byte[] HEALTH = Operations.http("GET", "/health", null);
    private static final byte[] METRICS =
            "GET /q/metrics HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n".getBytes();

    /** Clock ticks in a second, `getconf CLK_TCK`: 100 on every Linux in use. */
    private static final double TICKS = 100;

    /** CPU time in seconds. */
    record Cpu(double user, double system) {
        Cpu minus(Cpu before) {
            return new Cpu(user - before.user, system - before.system);
        }

        double total() {
            return user + system;
        }
    }

    final int port = freePort();
    final int managementPort = freePort();
    private final Process process;
    private final long started;

    /** Starts it; its configuration comes from its environment alone. */
    Service(Mode mode, Map<String, String> environment, Path log) throws IOException {
        var builder = new ProcessBuilder(mode.command())
                .directory(mode.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        var all = builder.environment();
        all.keySet().removeIf(name -> name.matches("(MERIDIAN|AWS|QUARKUS|OTEL|JAVA_TOOL|JDK_JAVA)_.*"));
        all.putAll(environment);
        all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        all.put("MERIDIAN_ADMIN_PORT", Integer.toString(freePort()));
        started = System.nanoTime();
        process = builder.start();
        Bench.children.add(process);
    }

    /** Waits until it is ready and both stores answer. @return milliseconds from its start: to ready, and to both stores */
    double[] awaitReady() throws Exception {
        double ready = await(managementPort, READY);
        return new double[] {ready, await(port, HEALTH)};
    }

    private double await(int at, byte[] request) throws Exception {
        while (true) {
            try (var connection = new Load.Connection(at)) {
                while (true) {
                    if (connection.exchange(request) == 200) return (System.nanoTime() - started) / 1e6;
                    check();
                }
            } catch (IOException _) {
                check();
            }
        }
    }

    private void check() {
        if (!process.isAlive()) throw new IllegalStateException("The service ended: " + process.exitValue());
        if (System.nanoTime() - started > READY_MAX.toNanos()) throw new IllegalStateException("The service is not ready.");
        LockSupport.parkNanos(500_000);
    }

    /** Resident memory in MB: RSS, and PSS, which counts shared pages proportionally. */
    double[] memory() throws IOException {
        return new double[] {
            number("status", "VmRSS:") / 1024.0, number("smaps_rollup", "Pss:") / 1024.0
        };
    }

    long threads() throws IOException {
        return number("status", "Threads:");
    }

    private long number(String file, String name) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/" + file))) {
            if (line.startsWith(name)) return Long.parseLong(line.replaceAll("\\D", ""));
        }
        return 0;
    }

    Cpu cpu() throws IOException {
        return cpu(process.pid());
    }

    static Cpu cpu(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new Cpu(Long.parseLong(fields[11]) / TICKS, Long.parseLong(fields[12]) / TICKS);
    }

    /** Store calls so far by operation, from the service's own metric; empty when it has none. */
    Map<String, Double> storeCalls() {
        var calls = new LinkedHashMap<String, Double>();
        try {
            for (var line : text(managementPort, METRICS).split("\n")) {
                if (!line.startsWith("meridian_store_calls_seconds_count{")) continue;
                var operation = line.replaceAll(".*operation=\"([^\"]*)\".*", "$1");
                calls.merge(operation, Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)), Double::sum);
            }
        } catch (IOException _) {
            // This mode has no such metric.
        }
        return calls;
    }

    /** The sum of a metric's samples that have a tag, `name="value"`; 0 when there is none. */
    double metric(String name, String tag) throws IOException {
        return text(managementPort, METRICS)
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String text(int port, byte[] request) throws IOException {
        try (var connection = new Load.Connection(port)) {
            connection.exchange(request);
            return connection.text();
        }
    }

    /** Dumps the flight recording. */
    void dumpProfile(Path file) throws Exception {
        new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd",
                        Long.toString(process.pid()),
                        "JFR.dump",
                        "filename=" + file.toAbsolutePath())
                .start()
                .waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        Bench.children.remove(process);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A mode to measure: its name, the command that starts it, and what only its environment has. */
    record Mode(String name, List<String> command, Path directory, Map<String, String> environment) {
        Mode with(String name, String variable, String value) {
            return new Mode(name, command, directory, Map.of(variable, value));
        }

        /** Parses `NAME=WHAT`, as described in the help of bench/run. */
        static Mode of(String option, Bench.Options options) throws Exception {
            int at = option.indexOf('=');
            var name = at < 0 ? option : option.substring(0, at);
            var what = at < 0 ? option : option.substring(at + 1);
            if (what.startsWith("cmd:")) return new Mode(name, List.of(what.substring(4).split(" ")), Path.of("."), Map.of());
            if (what.equals("native")) what = runner().orElseThrow(() -> new IllegalArgumentException(
                    "no native executable in target")).toString();
            boolean aot = what.equals("aot") || what.startsWith("aot:");
            what = what.equals("aot") || what.equals("jvm") ? "target/quarkus-app" : aot ? what.substring(4) : what;
            var path = Path.of(what).toAbsolutePath();
            var command = new ArrayList<String>();
            if (Files.isDirectory(path)) {
                command.add(System.getProperty("java.home") + "/bin/java");
                if (aot) command.add("-XX:AOTCache=" + train(path, options.out.resolve(name + ".aot")));
                command.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
                if (options.profile) command.add("-XX:StartFlightRecording=settings=profile");
            } else if (Files.isExecutable(path)) {
                command.add(path.toString());
            } else {
                throw new IllegalArgumentException("not there: " + path);
            }
            command.add("-Xmx" + options.heap);
            if (options.young != null) command.add("-Xmn" + options.young);
            if (options.processors > 0) command.add("-XX:ActiveProcessorCount=" + options.processors);
            if (Files.isDirectory(path)) command.addAll(List.of("-jar", "quarkus-run.jar"));
            command.add("serve");
            // A cache is valid only for exactly the class path that it was made with.
            return new Mode(name, command, Files.isDirectory(path) ? path : Path.of("."), Map.of());
        }

        static java.util.Optional<Path> runner() throws IOException {
            try (var files = Files.list(Path.of("target"))) {
                return files.filter(f -> f.getFileName().toString().matches("meridian-.*-runner")).findFirst();
            }
        }

        /** As in Dockerfile.jvm. */
        private static Path train(Path app, Path cache) throws Exception {
            System.out.println("making the AOT cache of " + app);
            var process = new ProcessBuilder(
                            "sh",
                            Path.of("src/main/docker/train.sh").toAbsolutePath().toString(),
                            cache.toAbsolutePath().toString(),
                            System.getProperty("java.home") + "/bin/java")
                    .directory(app.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(cache + ".log"))
                    .start();
            Bench.children.add(process);
            if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("No AOT cache, see " + cache + ".log");
            }
            return cache.toAbsolutePath();
        }
    }
}
