package dev.meridian.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The packaged artifact in a separate process, by default with the production profile: the native binary when
/// `native.image.path` names one, else the jar.
public final class ServiceProcess implements AutoCloseable {
    private static final Pattern PORTS = Pattern.compile(
            "[Ll]istening on: http://[^:]+:(\\d+)\\.? ?(?:Management interface listening on http://[^:]+:(\\d+))?");
    private static final Pattern ADMIN_PORT = Pattern.compile("listening for administrators on: http://[^:]+:(\\d+)");
    private static final Duration START = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Process process;
    private final Path log;
    private int port;
    private int managementPort;
    private int adminPort;

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts a server on free ports and waits until it listens.
    ///
    /// @param options of the virtual machine, or of the executable's (`-Xmx160m`)
    public static ServiceProcess serve(Map<String, String> config, String... options)
            throws IOException, InterruptedException {
        return serve(config, Map.of(), options);
    }

    /// The same with variables in its environment.
    public static ServiceProcess serve(Map<String, String> config, Map<String, String> variables, String... options)
            throws IOException, InterruptedException {
        var service = start(config, variables, List.of(options), List.of());
        long deadline = System.nanoTime() + START.toNanos();
        while (service.managementPort == 0) {
            var ports = PORTS.matcher(service.log());
            if (ports.find() && ports.group(2) != null) {
                service.port = Integer.parseInt(ports.group(1));
                service.managementPort = Integer.parseInt(ports.group(2));
                // It opens before the others.
                var admin = ADMIN_PORT.matcher(service.log());
                if (admin.find()) service.adminPort = Integer.parseInt(admin.group(1));
            } else if (!service.process.isAlive() || System.nanoTime() > deadline) {
                var text = service.log();
                service.close();
                throw new IllegalStateException("The service did not start:\n" + text);
            } else {
                Thread.sleep(20);
            }
        }
        return service;
    }

    /// The configuration of a production deployment, for the stores of a test.
    ///
    /// @param stores started by [StoresResource]
    /// @param prefix of the tables
    /// @param sqlUrl writer and reader
    public static Map<String, String> production(Map<String, String> stores, String prefix, String sqlUrl) {
        var config = new HashMap<String, String>();
        config.put("meridian.region", "eu-central-1");
        config.put("meridian.identity", "open");
        config.put("meridian.tables.prefix", prefix);
        config.put("meridian.sql.writer-url", sqlUrl);
        config.put("meridian.sql.reader-url", sqlUrl);
        config.putAll(users());
        var dynamo = stores.get("quarkus.dynamodb.endpoint-override");
        if (dynamo != null) config.put("quarkus.dynamodb.endpoint-override", dynamo);
        config.put("aws.accessKeyId", "local");
        config.put("aws.secretAccessKey", "local");
        return config;
    }

    /// Makes the tables, as infrastructure code does for production: by the test mode of the same artifact.
    public static void makeTables(Map<String, String> stores, String prefix) throws IOException, InterruptedException {
        var config = production(stores, prefix, stores.get("meridian.sql.writer-url"));
        config.put("meridian.mode", "test");
        try (var maker = serve(config)) {
            var answer = maker.send("GET", "/mysfits", null);
            if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
        }
    }

    /// The users of a test's PostgreSQL, which takes any password: the superuser is the owner.
    public static Map<String, String> users() {
        return Map.of(
                "meridian.sql.owner-username", "postgres",
                "meridian.sql.owner-password", "postgres",
                "meridian.sql.app-role", "meridian_app",
                "meridian.sql.username", "meridian_app",
                "meridian.sql.password", "meridian_app");
    }

    /// Makes the schema and the role of the service with the command `migrate`.
    public static void migrate(String sqlUrl) throws IOException, InterruptedException {
        try (var migrate = run(production(Map.of(), "unused-", sqlUrl), "migrate")) {
            if (migrate.exitCode(START) != 0) throw new IllegalStateException(migrate.log());
        }
    }

    /// Starts a command, or a server that is expected to fail.
    ///
    /// @param config properties, as system properties of the process; its environment has no Region and no
    ///     stores
    public static ServiceProcess run(Map<String, String> config, String... arguments) throws IOException {
        return run(config, Map.of(), arguments);
    }

    /// The same with variables in its environment.
    public static ServiceProcess run(Map<String, String> config, Map<String, String> variables, String... arguments)
            throws IOException {
        return start(config, variables, List.of(), List.of(arguments));
    }

    private static ServiceProcess start(
            Map<String, String> config, Map<String, String> variables, List<String> more, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        var binary = new File(System.getProperty("native.image.path", "no-such-file"));
        var options = new ArrayList<>(List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0"));
        if (!config.containsKey("meridian.admin.port")) options.add("-Dmeridian.admin.port=0");
        // As the tests were started, unless a test says otherwise.
        var client = System.getProperty("meridian.dynamo.client");
        if (client != null && !config.containsKey("meridian.dynamo.client")) {
            options.add("-Dmeridian.dynamo.client=" + client);
        }
        config.forEach((name, value) -> options.add("-D" + name + "=" + value));
        options.addAll(more);
        if (binary.canExecute()) {
            command.add(binary.getPath());
            command.addAll(options);
        } else {
            command.addAll(
                    List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
            // The recorder for src/dev/java/RepositoryCalls.java.
            Optional.ofNullable(System.getProperty("test.jvm-options"))
                    .ifPresent(recorder -> command.addAll(List.of(recorder.split(" "))));
            command.addAll(options);
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        }
        command.addAll(arguments);
        var log = Files.createTempFile("meridian-service", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        var environment = builder.environment();
        environment
                .keySet()
                .removeIf(
                        name -> name.startsWith("MERIDIAN_") || name.startsWith("AWS_") || name.startsWith("QUARKUS_"));
        environment.putAll(variables);
        return new ServiceProcess(builder.start(), log);
    }

    /// Its output so far.
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits for its end.
    ///
    /// @return the exit code, or -1 when it still runs at the limit
    public int exitCode(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    /// Whether its process runs.
    public boolean isRunning() {
        return process.isAlive();
    }

    /// The folder of its process in `/proc`, on Linux.
    public Path proc() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    /// Sends SIGTERM.
    public void terminate() {
        process.destroy();
    }

    /// Sends SIGKILL.
    public void kill() {
        process.destroyForcibly();
    }

    /// The public port.
    public int port() {
        return port;
    }

    /// The administrators' port; 0 without one.
    public int adminPort() {
        return adminPort;
    }

    /// Sends a request, with a JSON body unless it is null, to the public port.
    ///
    /// @param headers name, value, name, value …
    public HttpResponse<String> send(String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        return send(port, method, path, json, headers);
    }

    /// Sends a request, with a JSON body unless it is null, to the administrators' port.
    ///
    /// @param headers name, value, name, value …
    public HttpResponse<String> administer(String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        return send(adminPort, method, path, json, headers);
    }

    /// Reads from the management port.
    ///
    /// @param headers name, value, name, value …
    public HttpResponse<String> manage(String path, String... headers) throws IOException, InterruptedException {
        return send(managementPort, "GET", path, null, headers);
    }

    private HttpResponse<String> send(int port, String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20));
        if (json == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        }
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        client.close();
    }
}
