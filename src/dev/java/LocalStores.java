import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL and a local DynamoDB for dev mode and tests, in a separate process. The exec-maven-plugin launches it
 * from source with the plugin's class path, so none of it is on the product's class path.
 *
 * <pre>
 * prepare DIR goals=[…] SOURCE  (Maven, phase initialize) writes DIR/java.args, the command line of "run", and prints the
 *                               engine; when the goal is quarkus:dev it also starts the stores, and with
 *                               -Dmeridian.identity=oidc the OpenID provider, and waits until they answer
 * run DIR OWNER_PID PG DDB [E]  runs both stores until process OWNER_PID ends; port 0 = any free one.
 *                               DIR/stores.properties appears when they are ready: the configuration that reaches them
 * dynamo DIR OWNER_PID PORT [E] runs a DynamoDB alone, in memory, until process OWNER_PID ends
 * provider DIR OWNER_PID PORT   runs the OpenID provider (LocalProvider) until process OWNER_PID ends; port 0 = any free
 *                               one. DIR/provider.properties has the configuration that reaches it
 * binaries DIR                  unpacks PostgreSQL itself into DIR (initdb, pg_ctl, postgres) for tests that need more
 *                               than one server; does nothing when it is there
 * </pre>
 *
 * E is the DynamoDB engine: dynoxide, dynamodb-local, or auto, which is dynoxide where the version that the tests know is
 * installed, else DynamoDB Local. Without E: the value of -Dmeridian.local.dynamodb given to "prepare".
 */
public class LocalStores {
    static final int POSTGRES_PORT = 5999;
    static final int DYNAMODB_PORT = 8999;
    static final int PROVIDER_PORT = 9099;
    static final int HTTP_PORT = 8080;
    static final int MANAGEMENT_PORT = 9000;
    static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    static final String ENGINE = "meridian.local.dynamodb";
    /** The version output of the program from the crate dynoxide-rs 3.2. */
    static final String DYNOXIDE_VERSION = "dynoxide 1.5.";

    static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");
    static final File NOTHING = new File(IS_WINDOWS ? "NUL" : "/dev/null");

    public static void main(String[] args) throws Exception {
        Path dir = Files.createDirectories(Path.of(args[1])).toAbsolutePath();
        switch (args[0]) {
            case "prepare" -> prepare(dir, args[2], args[3]);
            case "run" -> {
                var engine = Engine.of(args.length > 5 ? args[5] : System.getProperty(ENGINE));
                run(dir, Long.parseLong(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]), engine);
            }
            case "dynamo" -> {
                Engine.of(args.length > 4 ? args[4] : System.getProperty(ENGINE))
                        .start(Integer.parseInt(args[3]));
                endWith(Long.parseLong(args[2]));
            }
            case "provider" -> {
                LocalProvider.start(dir, Integer.parseInt(args[3]));
                endWith(Long.parseLong(args[2]));
            }
            case "binaries" -> unpackBinaries(dir);
            default -> throw new IllegalArgumentException("prepare, run, dynamo, provider or binaries, not " + args[0]);
        }
    }

    static void prepare(Path dir, String goals, String source) throws Exception {
        System.out.println("[local-stores] DynamoDB is "
                + Engine.of(System.getProperty(ENGINE)).name());
        Files.writeString(dir.resolve("java.args"), """
                -Xmx384m
                -XX:TieredStopAtLevel=1
                --enable-native-access=ALL-UNNAMED
                -D%s=%s
                -cp
                "%s"
                LocalStores
                """.formatted(
                        ENGINE,
                        System.getProperty(ENGINE),
                        // A backslash in quotes escapes what follows.
                        (compiled(dir, Path.of(source)) + File.pathSeparator + System.getProperty("java.class.path"))
                                .replace("\\", "\\\\")));
        if (!goals.matches(".*quarkus(-maven-plugin)?(:[^:,]*)?:dev[,\\] ].*")) return;
        startForDevMode(dir);
    }

    /** The compiled form of this program: the tests start it many times, and compiling is the slowest part of a start. */
    private static Path compiled(Path dir, Path source) throws IOException {
        Path classes = Files.createDirectories(dir.resolve("classes"));
        Path main = classes.resolve("LocalStores.class");
        Path provider = source.resolveSibling("LocalProvider.java");
        if (isNewer(main, source) && isNewer(main, provider)) return classes;
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString(),
                        provider.toString());
        if (code != 0) throw new IllegalStateException("javac ended with " + code);
        return classes;
    }

    private static boolean isNewer(Path file, Path source) throws IOException {
        return Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(source)) > 0;
    }

    private static void startForDevMode(Path dir) throws Exception {
        long start = System.nanoTime();
        long maven = ProcessHandle.current().parent().orElseThrow().pid();
        // One folder per Maven process: a second dev mode beside the first one must not touch its stores.
        Path own = Files.createDirectories(dir.resolve("dev-" + maven));
        var lines = new ArrayList<>(launched(
                dir,
                own.resolve("stores.properties"),
                List.of(
                        "run",
                        own.toString(),
                        Long.toString(maven),
                        Integer.toString(freePort(POSTGRES_PORT, "PostgreSQL")),
                        Integer.toString(freePort(DYNAMODB_PORT, "DynamoDB")))));
        if (needsProvider()) {
            var port = Integer.toString(freePort(PROVIDER_PORT, "the OpenID provider"));
            lines.addAll(launched(
                    dir,
                    own.resolve("provider.properties"),
                    List.of("provider", own.toString(), Long.toString(maven), port)));
        }
        lines.add("quarkus.http.port=" + freePort(HTTP_PORT, "HTTP"));
        lines.add("quarkus.management.port=" + freePort(MANAGEMENT_PORT, "management"));
        // Read by dev mode through quarkus.config.locations; the newest dev mode owns the name.
        Path tmp = Files.write(own.resolve("dev.properties.tmp"), lines);
        Files.move(tmp, dir.resolve("dev.properties"), StandardCopyOption.REPLACE_EXISTING);
        System.out.printf(
                "[local-stores] the stores are up after %d ms: %s%n",
                (System.nanoTime() - start) / 1_000_000, String.join(" ", lines));
    }

    /** As Maven's command line or the environment of dev mode says. */
    private static boolean needsProvider() {
        return "oidc".equalsIgnoreCase(System.getProperty("meridian.identity"))
                || "oidc".equalsIgnoreCase(System.getenv("MERIDIAN_IDENTITY"));
    }

    /** Starts this program again, and waits until it has written where it serves. */
    private static List<String> launched(Path dir, Path ready, List<String> arguments) throws Exception {
        long start = System.nanoTime();
        Path log = ready.resolveSibling(arguments.getFirst().equals("run") ? "log" : arguments.getFirst() + ".log");
        Files.deleteIfExists(ready);
        var command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "@" + dir.resolve("java.args")));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(NOTHING)
                .start();
        while (!Files.exists(ready)) {
            if (!process.isAlive()) throw new IllegalStateException("The local stores did not start, see " + log);
            if (System.nanoTime() - start > START_TIMEOUT.toNanos()) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "The local stores were not ready within " + START_TIMEOUT + ", see " + log);
            }
            Thread.sleep(50);
        }
        return Files.readAllLines(ready);
    }

    static void run(Path dir, long owner, int postgresPort, int dynamoPort, Engine engine) throws Exception {
        var builder = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "200");
        if (postgresPort != 0) builder.setPort(postgresPort);
        var postgres = builder.start();
        int port = dynamoPort != 0 ? dynamoPort : anyFreePort();
        var dynamo = engine.start(port);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                postgres.close();
            } catch (IOException _) {
                // The process ends anyway.
            }
        }));
        var config = new LinkedHashMap<String, Object>();
        config.put("meridian.sql.writer-url", "postgresql://localhost:" + postgres.getPort() + "/postgres");
        config.put("meridian.sql.reader-url", "postgresql://localhost:" + postgres.getPort() + "/postgres");
        // The server takes any password.
        config.put("meridian.sql.owner-username", "postgres");
        config.put("meridian.sql.owner-password", "postgres");
        config.put("meridian.sql.app-role", "meridian_app");
        config.put("meridian.sql.audit-role", "meridian_audit");
        config.put("meridian.sql.username", "meridian_app");
        config.put("meridian.sql.password", "meridian_app");
        config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + port);
        config.put("local-stores.pid", ProcessHandle.current().pid());
        config.put("local-stores.dynamodb", engine.name());
        config.put("local-stores.dynamodb.pid", dynamo);
        Path tmp = Files.write(
                dir.resolve("stores.properties.tmp"),
                config.entrySet().stream().map(Object::toString).toList());
        Files.move(tmp, dir.resolve("stores.properties"), StandardCopyOption.ATOMIC_MOVE);
        endWith(owner);
    }

    private static void endWith(long owner) {
        ProcessHandle.of(owner).ifPresent(process -> process.onExit().join());
        System.exit(0);
    }

    /** The DynamoDB engine on this machine: dynoxide where it is installed, else DynamoDB Local. */
    private record Engine(String name, Optional<Path> dynoxide) {
        static Engine of(String wanted) throws IOException {
            return switch (wanted) {
                case "dynamodb-local" -> dynamoDbLocal("");
                case "dynoxide" -> {
                    var program = installed();
                    if (program.isEmpty()) refuse("no dynoxide on the PATH or in cargo's folder");
                    yield new Engine(version(program.get()) + ", " + program.get(), program);
                }
                case "auto" -> {
                    var program = installed();
                    if (program.isEmpty()) yield dynamoDbLocal(" (no dynoxide on the PATH or in cargo's folder)");
                    var version = version(program.get());
                    yield version.startsWith(DYNOXIDE_VERSION)
                            ? new Engine(version + ", " + program.get(), program)
                            : dynamoDbLocal(" (%s is %s, not %sx)".formatted(program.get(), version, DYNOXIDE_VERSION));
                }
                default -> {
                    refuse(ENGINE + " is auto, dynoxide or dynamodb-local, not " + wanted);
                    yield null;
                }
            };
        }

        private static Engine dynamoDbLocal(String why) {
            return new Engine("DynamoDB Local" + why, Optional.empty());
        }

        private static void refuse(String why) {
            System.err.println("[local-stores] " + why);
            System.exit(2);
        }

        private static Optional<Path> installed() {
            var places = new ArrayList<Path>();
            for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
                if (!folder.isBlank()) places.add(Path.of(folder));
            }
            var cargo = System.getenv("CARGO_HOME");
            if (cargo != null && !cargo.isBlank()) places.add(Path.of(cargo, "bin"));
            places.add(Path.of(System.getProperty("user.home"), ".cargo", "bin"));
            return places.stream()
                    .map(place -> place.resolve(IS_WINDOWS ? "dynoxide.exe" : "dynoxide"))
                    .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                    .findFirst();
        }

        private static String version(Path program) throws IOException {
            var process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectInput(NOTHING)
                    .start();
            try (var out = process.inputReader()) {
                var line = out.readLine();
                return line == null ? "of no version" : line;
            }
        }

        /**
         * Starts it, in memory, with one set of tables for all Regions and access keys, and waits until it answers.
         *
         * @return its process, which ends with this one
         */
        long start(int port) throws Exception {
            if (dynoxide.isEmpty()) {
                var server = ServerRunner.createServerFromCommandLineArgs(
                        new String[] {"-inMemory", "-sharedDb", "-port", Integer.toString(port), "-disableTelemetry"});
                server.start();
                return ProcessHandle.current().pid();
            }
            var command = new ArrayList<String>();
            // Ends with this process even if that is killed: standard input ends then.
            if (!IS_WINDOWS) {
                command.addAll(List.of(
                        "sh",
                        "-c",
                        "exec 3<&0; { cat <&3; kill $$; } >/dev/null 2>&1 & exec \"$0\" \"$@\" 3<&- </dev/null"));
            }
            command.addAll(List.of(dynoxide.get().toString(), "serve", "--log", "quiet", "--port", "" + port));
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
            while (true) {
                try (var _ = new Socket("127.0.0.1", port)) {
                    return process.pid();
                } catch (IOException e) {
                    if (!process.isAlive() || System.nanoTime() > deadline) throw e;
                }
                Thread.sleep(5);
            }
        }
    }

    private static void unpackBinaries(Path dir) throws Exception {
        if (Files.exists(dir.resolve("bin/postgres"))) return;
        Path tmp = Files.createTempDirectory(dir.getParent(), "postgres-");
        try (var packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), System.getProperty("os.arch"));
                var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = tmp.resolve(entry.getName()).normalize();
                if (!file.startsWith(tmp)) throw new IOException("An archive entry points outside: " + entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    file.toFile().setExecutable((entry.getMode() & 0100) != 0, false);
                }
            }
        }
        try {
            Files.deleteIfExists(dir);
            Files.move(tmp, dir, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another test run did it first.
            if (!Files.exists(dir.resolve("bin/postgres"))) throw e;
        }
    }

    /** The platform part of the name of PostgreSQL's archives. */
    private static String system() {
        return IS_WINDOWS ? "Windows" : System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
    }

    /** The wanted port, or the next free one within 100, which is printed. */
    private static int freePort(int wanted, String what) {
        for (int port = wanted; port < wanted + 100; port++) {
            if (isFree(port)) {
                if (port != wanted) {
                    System.out.printf("[local-stores] port %d is taken, %s uses %d%n", wanted, what, port);
                }
                return port;
            }
        }
        throw new IllegalStateException("No free port for " + what + " from " + wanted + " to " + (wanted + 99));
    }

    private static boolean isFree(int port) {
        try (var any = new ServerSocket()) {
            any.setReuseAddress(true);
            any.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int anyFreePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
