package dev.meridian.testing;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One PostgreSQL server that a test may promote, kill, restart or make a standby of another.
///
/// The user is `postgres`, the database `postgres`; any password is accepted.
public final class PostgresServer implements AutoCloseable {
    private static final Path BASE = Path.of("target/local-stores").toAbsolutePath();
    private static final long START_LIMIT_SECONDS = 30;

    private final Path binaries;
    private final Path data;
    private final int port;
    private final List<String> settings = new ArrayList<>();
    /// Null: without TLS.
    private final TestCertificates certificates;

    private Process process;

    private PostgresServer(Path binaries, Path data, TestCertificates certificates) throws IOException {
        this.binaries = binaries;
        this.data = data;
        this.certificates = certificates;
        try (var socket = new ServerSocket(0)) {
            this.port = socket.getLocalPort();
        }
    }

    /// A new database cluster, running.
    ///
    /// @param data a folder that does not exist
    public static PostgresServer primary(Path data) throws IOException, InterruptedException, SQLException {
        return primary(data, null);
    }

    /// A new database cluster, running, that also takes connections with TLS.
    ///
    /// @param data a folder that does not exist
    /// @param certificates null: without TLS
    public static PostgresServer primary(Path data, TestCertificates certificates)
            throws IOException, InterruptedException, SQLException {
        var server = new PostgresServer(binaries(), data, certificates);
        server.run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF-8", "--no-sync");
        server.start();
        return server;
    }

    /// A server that does not run yet; [#follow] makes it a standby.
    public static PostgresServer empty(Path data) throws IOException, InterruptedException {
        return empty(data, null);
    }

    /// The same, with TLS from its start on.
    ///
    /// @param certificates null: without TLS
    public static PostgresServer empty(Path data, TestCertificates certificates)
            throws IOException, InterruptedException {
        return new PostgresServer(binaries(), data, certificates);
    }

    /// A running hot standby of a running server, with the same certificate.
    ///
    /// @param data a folder that does not exist
    public static PostgresServer standby(Path data, PostgresServer of)
            throws IOException, InterruptedException, SQLException {
        var server = new PostgresServer(of.binaries, data, of.certificates);
        server.follow(of);
        return server;
    }

    /// The address for the pools.
    public String url() {
        return url(port);
    }

    /// The address of a server on a port of this machine, for example through a proxy.
    public static String url(int port) {
        return "postgresql://127.0.0.1:" + port + "/postgres";
    }

    /// Its port on loopback.
    public int port() {
        return port;
    }

    /// Host and port, in the form that the pools use.
    public String name() {
        return "127.0.0.1:" + port;
    }

    /// A connection as superuser.
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:" + url() + "?connectTimeout=5", "postgres", "any");
    }

    /// Runs a statement as superuser.
    public void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The first column of the first row, as text.
    public String ask(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /// Promotes a standby to a primary on a new timeline; returns as soon as the server reports it.
    public void promote() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_promote(false)");
            while (true) {
                try (var rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                    rows.next();
                    if (!rows.getBoolean(1)) return;
                }
            }
        }
    }

    /// Replaces the rules of `pg_hba.conf`, such as `hostssl all all 127.0.0.1/32 scram-sha-256`; the
    /// superuser comes in without a password in any case.
    public void admit(String... rules) throws IOException, InterruptedException, SQLException {
        var before = ask("SELECT pg_conf_load_time()");
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "host all postgres 127.0.0.1/32 trust\nhost replication postgres 127.0.0.1/32 trust\n"
                        + String.join("\n", rules) + "\n");
        execute("SELECT pg_reload_conf()");
        while (ask("SELECT pg_conf_load_time()").equals(before)) Thread.sleep(5);
    }

    /// Whether its process runs.
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /// Kills the server, like a machine that loses power.
    public void kill() throws InterruptedException {
        if (process == null) return;
        process.destroyForcibly().waitFor();
        process = null;
    }

    /// A fast shutdown: clients get error 57P01.
    public void stop() throws IOException, InterruptedException {
        if (process == null) return;
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(START_LIMIT_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        process = null;
    }

    /// Starts with its previous data and role, plus these settings (`name=value`).
    public void start(String... more) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
        settings.clear();
        settings.addAll(List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=off",
                "synchronous_commit=on",
                "wal_level=replica",
                "max_wal_senders=8",
                "max_connections=200",
                "shared_buffers=16MB",
                "wal_retrieve_retry_interval=100ms"));
        if (certificates != null) {
            settings.addAll(List.of(
                    "ssl=on",
                    "ssl_cert_file=" + certificates.certificate().toAbsolutePath(),
                    "ssl_key_file=" + certificates.key().toAbsolutePath()));
        }
        settings.addAll(Arrays.asList(more));
        // Child processes of a killed server may live a little longer and hold its shared memory.
        while (true) {
            launch();
            while (process.isAlive() && System.nanoTime() < deadline) {
                if (answers()) return;
                Thread.sleep(20);
            }
            if (System.nanoTime() >= deadline)
                throw new IOException("No server within the limit, see " + data + ".log");
            Thread.sleep(50);
        }
    }

    /// Deletes its own data and becomes a running standby of another server.
    public void follow(PostgresServer primary, String... settings)
            throws IOException, InterruptedException, SQLException {
        followThrough(primary, primary.port, settings);
    }

    /// Like [#follow], but replicates through a proxy on the given port.
    public void followThrough(PostgresServer primary, int port, String... settings)
            throws IOException, InterruptedException, SQLException {
        kill();
        if (Files.exists(data)) delete(data);
        try (var connection = primary.connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('clone', true)");
            copy(primary.data, data);
            try (var label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                label.next();
                Files.writeString(data.resolve("backup_label"), label.getString(1));
            }
        }
        Files.writeString(data.resolve("standby.signal"), "");
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        start(settings);
    }

    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (Files.exists(data)) delete(data);
    }

    private boolean answers() {
        try (var _ = connect()) {
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    private void launch() throws IOException {
        var arguments = new ArrayList<>(List.of("-D", data.toString()));
        settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        process = command("postgres", arguments).start();
        var own = process;
        Runtime.getRuntime().addShutdownHook(new Thread(own::destroyForcibly));
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        if (command(program, List.of(arguments)).start().waitFor() != 0) {
            throw new IOException(program + " failed, see " + data + ".log");
        }
    }

    /// PostgreSQL refuses to run as root, so it runs as the user `nobody` in its own user namespace.
    private ProcessBuilder command(String program, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) command.addAll(List.of("unshare", "-U"));
        command.add(binaries.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(data + ".log")))
                .redirectInput(new File("/dev/null"));
    }

    private static synchronized Path binaries() throws IOException, InterruptedException {
        var dir = BASE.resolve("postgres");
        if (Files.exists(dir.resolve("bin/postgres"))) return dir;
        var unpack = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "@" + BASE.resolve("java.args"),
                        "binaries",
                        dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(BASE.resolve("binaries.log").toFile())
                .start();
        if (unpack.waitFor() != 0) throw new IOException("No binaries, see " + BASE.resolve("binaries.log"));
        return dir;
    }

    private static void copy(Path from, Path to) throws IOException {
        var left = Set.of("postmaster.pid", "postmaster.opts", "standby.signal", "backup_label");
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes any) throws IOException {
                var target = to.resolve(from.relativize(dir));
                Files.createDirectories(target);
                if (target.endsWith("pg_wal")) {
                    Files.createDirectories(target.resolve("archive_status"));
                    Files.createDirectories(target.resolve("summaries"));
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return target.endsWith("pg_replslot") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes any) throws IOException {
                if (left.contains(file.getFileName().toString())) return FileVisitResult.CONTINUE;
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException _) {
                    // The server has removed it.
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes any) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException any) throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
