import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** PostgreSQL and DynamoDB for all modes, and the data that they hold. */
final class Stores implements AutoCloseable {
    private static final long STOCK = 1_000_000_000;

    private final Path dir;
    private final Process process;
    private Process dynamo;
    private final Map<String, String> config = new LinkedHashMap<>();

    /** Starts both as src/dev/java/LocalStores.java does for the tests, but with a compiler and a heap for load. */
    Stores(Path dir) throws Exception {
        this.dir = dir;
        Files.createDirectories(dir);
        var ready = dir.resolve("stores.properties");
        Files.deleteIfExists(ready);
        process = launch("run", "0", "0");
        for (int i = 0; !Files.exists(ready); i++) {
            if (!process.isAlive() || i > 1800) throw new IllegalStateException("No stores, see " + dir.resolve("stores.log"));
            Thread.sleep(50);
        }
        for (var line : Files.readAllLines(ready)) {
            int at = line.indexOf('=');
            config.put(line.substring(0, at), line.substring(at + 1));
        }
    }

    private Process launch(String what, String... ports) throws IOException {
        var command = new ArrayList<String>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx1g"));
        for (var line : Files.readAllLines(Path.of("target/local-stores/java.args"))) {
            if (!line.startsWith("-X") && !line.isBlank()) command.add(line.replace("\"", ""));
        }
        command.addAll(List.of(what, dir.toString(), Long.toString(ProcessHandle.current().pid())));
        command.addAll(List.of(ports));
        command.add(System.getProperty("meridian.local.dynamodb", "auto"));
        var launched = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("stores.log").toFile()))
                .start();
        Bench.children.add(launched);
        return launched;
    }

    /** Puts an empty DynamoDB in the place of the present one: writes get slower with what a local engine holds. */
    void renewDynamo() throws Exception {
        if (dynamo != null) end(dynamo);
        int port = Service.freePort();
        dynamo = launch("dynamo", Integer.toString(port));
        for (int i = 0; ; i++) {
            try (var connection = new Load.Connection(port)) {
                connection.exchange(Operations.dynamo("ListTables", "{}"));
                break;
            } catch (IOException e) {
                if (!dynamo.isAlive() || i > 1800) throw new IllegalStateException("No DynamoDB, see " + dir.resolve("stores.log"), e);
                Thread.sleep(50);
            }
        }
        // A program of its own, or this process.
        var engine = dynamo.children().findFirst().map(ProcessHandle::pid).orElse(dynamo.pid());
        config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + port);
        config.put("local-stores.dynamodb.pid", Long.toString(engine));
    }

    /** The production configuration of a service for these stores, with JSON logs and no trace exporter. */
    Map<String, String> environment() {
        var all = new LinkedHashMap<String, String>();
        all.put("AWS_REGION", "eu-west-1");
        all.put("AWS_ACCESS_KEY_ID", "local");
        all.put("AWS_SECRET_ACCESS_KEY", "local");
        all.put("MERIDIAN_IDENTITY", "open");
        all.put("MERIDIAN_SESSION_KEY", "a-key-of-a-benchmark-that-nobody-uses");
        all.put("MERIDIAN_GUEST_SECRET", "a-secret-of-a-benchmark-that-nobody-uses");
        for (var key : List.of("writer-url", "reader-url")) {
            all.put("MERIDIAN_SQL_" + key.replace('-', '_').toUpperCase(), config.get("meridian.sql." + key));
        }
        // The owner of the tables: builds to compare with may know no other user.
        all.put("MERIDIAN_SQL_USERNAME", config.get("meridian.sql.owner-username"));
        all.put("MERIDIAN_SQL_PASSWORD", config.get("meridian.sql.owner-password"));
        all.put("QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE", config.get("quarkus.dynamodb.endpoint-override"));
        return all;
    }

    /** The engine used as DynamoDB. */
    String engine() {
        return config.get("local-stores.dynamodb").replaceAll(",? [(/].*", "");
    }

    String sqlUrl() {
        return config.get("meridian.sql.writer-url");
    }

    int dynamoPort() {
        return URI.create(config.get("quarkus.dynamodb.endpoint-override")).getPort();
    }

    /**
     * Tables without streams, sample data, a hundred products with unlimited stock, carts of three lines, and likes of each
     * mysfit by a second Region.
     */
    void prepare(Service.Mode mode, Path log) throws Exception {
        var environment = environment();
        environment.put("QUARKUS_PROFILE", "test");
        environment.put("MERIDIAN_MODE", "test");
        try (var service = new Service(mode, environment, log); var client = HttpClient.newHttpClient()) {
            service.awaitReady();
            for (int i = 0; i < Operations.PRODUCTS; i++) {
                var body = """
                        {"name":"Bench %d","description":"A thing to measure with.","price":19.5,"stock":%d,\
                        "tags":[{"name":"bench","displayName":"Bench"}]}""".formatted(i, STOCK);
                var answer = client.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + service.port + "/catalog/products/bench-" + i))
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() > 299) throw new IOException(answer.statusCode() + " " + answer.body());
            }
            fillCarts(service.port);
        }
        try (var dynamo = new Load.Connection(dynamoPort())) {
            put(dynamo, "\"subjectId\":{\"S\":\"#regions\"},\"regionShard\":{\"S\":\"us-east-1\"},\"shards\":{\"N\":\"8\"}");
            for (var mysfit : Operations.MYSFITS) {
                for (int shard = 0; shard < 8; shard++) {
                    put(dynamo, "\"subjectId\":{\"S\":\"%s\"},\"regionShard\":{\"S\":\"us-east-1#%d\"},\"n\":{\"N\":\"5\"}"
                            .formatted(mysfit, shard));
                }
            }
        }
    }

    private static void fillCarts(int port) throws IOException {
        try (var connection = new Load.Connection(port)) {
            for (int i = 0; i < Operations.CARTS * Operations.LINES; i++) {
                var path = "/carts/lines-" + i / Operations.LINES + "/items/bench-" + i % Operations.LINES;
                int status = connection.exchange(Operations.http("PUT", path, "{\"quantity\":3}"));
                if (status != 200) throw new IOException(path + ": " + status + " " + connection.body());
            }
        }
    }

    private static void put(Load.Connection dynamo, String item) throws IOException {
        int status = dynamo.exchange(
                Operations.dynamo("PutItem", "{\"TableName\":\"meridian-likes\",\"Item\":{" + item + "}}"));
        if (status != 200) throw new IOException("PutItem: " + status + " " + dynamo.body());
    }

    /** CPU time of the process that runs DynamoDB. */
    Service.Cpu cpu() throws IOException {
        return Service.cpu(Long.parseLong(config.get("local-stores.dynamodb.pid")));
    }

    @Override
    public void close() throws Exception {
        if (dynamo != null) end(dynamo);
        end(process);
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
        Bench.children.remove(process);
    }
}
