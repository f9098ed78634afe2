package dev.meridian.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;

/// Stands for Aurora with IAM authentication, in front of a PostgreSQL that asks for no password: takes
/// connections with TLS only, asks for a clear-text password, and takes it if it is a token for this server
/// and this user, signed with the secret key for its Region, and not too old (Signature Version 4, "Create a
/// signed AWS API request").
public final class IamPostgres implements AutoCloseable {
    /// The access key that may log in.
    public static final String ACCESS_KEY = "AKIAMERIDIANTEST";
    /// Its secret.
    public static final String SECRET_KEY = "a secret key of this test only";
    /// The Region that a token must be for.
    public static final String REGION = "eu-west-1";

    private static final int PROTOCOL_3 = 196_608;
    private static final int SSL_REQUEST = 80_877_103;
    private static final Set<String> FIELDS = Set.of(
            "Action",
            "DBUser",
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Signature");

    private final PostgresServer server;
    private final TestCertificates certificates;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Instant ended = Instant.EPOCH;
    private volatile String reason = "";

    /// On a free port of `localhost`.
    public IamPostgres(PostgresServer server, TestCertificates certificates) throws IOException {
        this.server = server;
        this.certificates = certificates;
        this.listener = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().name("iam-accept").start(this::accept);
    }

    /// The address for clients.
    public String url() {
        return "postgresql://localhost:" + listener.getLocalPort() + "/postgres";
    }

    /// Its port on loopback.
    public int port() {
        return listener.getLocalPort();
    }

    /// The time of all tokens so far is over. A token says its time in whole seconds: those of this second end too.
    public void endTokens() {
        ended = Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    }

    /// How many log-ins were refused.
    public int refused() {
        return refused.get();
    }

    /// How many different tokens were taken.
    public int tokens() {
        return tokens.size();
    }

    /// Why the last log-in was refused.
    public String reason() {
        return reason;
    }

    /// Closes all connections.
    public void resetConnections() {
        sockets.forEach(IamPostgres::end);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                sockets.add(client);
                Thread.ofVirtual().name("iam-serve").start(() -> serve(client));
            } catch (IOException _) {
                // Closed, or a client that went away.
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            plain.setTcpNoDelay(true);
            var first = new DataInputStream(plain.getInputStream());
            first.readInt();
            if (first.readInt() != SSL_REQUEST) {
                refuse(new DataOutputStream(plain.getOutputStream()), "no encryption");
                return;
            }
            plain.getOutputStream().write('S');
            try (var client = (SSLSocket)
                    certificates.serverContext().getSocketFactory().createSocket(plain, null, plain.getPort(), true)) {
                client.setUseClientMode(false);
                logIn(client);
            }
        } catch (IOException | GeneralSecurityException _) {
            // The client has gone.
        } finally {
            sockets.remove(plain);
        }
    }

    private void logIn(SSLSocket client) throws IOException, GeneralSecurityException {
        var in = new DataInputStream(client.getInputStream());
        var out = new DataOutputStream(client.getOutputStream());
        var startup = new byte[in.readInt() - Integer.BYTES];
        in.readFully(startup);
        var user = parameters(startup).get("user");
        out.write('R');
        out.writeInt(8);
        out.writeInt(3);
        out.flush();
        if (in.read() != 'p') throw new IOException("not a password");
        var password = new byte[in.readInt() - Integer.BYTES];
        in.readFully(password);
        var token = new String(password, 0, password.length - 1, StandardCharsets.UTF_8);
        var fault = fault(token, user);
        if (!fault.isEmpty()) {
            refuse(out, fault);
            return;
        }
        tokens.add(token);
        join(client, in, startup);
    }

    /// The parameters of a start-up message, which begins with the version of the protocol.
    private static Map<String, String> parameters(byte[] startup) throws IOException {
        var start = new DataInputStream(new java.io.ByteArrayInputStream(startup));
        if (start.readInt() != PROTOCOL_3) throw new IOException("not a start-up message");
        var text =
                new String(startup, Integer.BYTES, startup.length - Integer.BYTES, StandardCharsets.UTF_8).split("\0");
        var parameters = new HashMap<String, String>();
        for (int i = 0; i + 1 < text.length; i += 2) parameters.put(text[i], text[i + 1]);
        return parameters;
    }

    /// As PostgreSQL with PAM, which is what Aurora's messages look like.
    private void refuse(DataOutputStream out, String why) throws IOException {
        reason = why;
        refused.incrementAndGet();
        var fields = new ByteArrayOutputStream();
        for (var field : new String[] {"SFATAL", "VFATAL", "C28000", "MPAM authentication failed"}) {
            fields.writeBytes(field.getBytes(StandardCharsets.UTF_8));
            fields.write(0);
        }
        fields.write(0);
        out.write('E');
        out.writeInt(fields.size() + Integer.BYTES);
        fields.writeTo(out);
        out.flush();
    }

    /// What is wrong with a token; empty when nothing is.
    private String fault(String token, String user) throws GeneralSecurityException {
        var authority = "localhost:" + port();
        if (!token.startsWith(authority + "/?")) return "host";
        var query = new TreeMap<String, String>();
        for (var pair : token.substring(token.indexOf('?') + 1).split("&")) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        if (!query.keySet().equals(FIELDS)) return "fields " + query.keySet();
        if (!query.get("Action").equals("connect")) return "action";
        if (!query.get("DBUser").equals(user)) return "user";
        if (!query.get("X-Amz-SignedHeaders").equals("host")) return "signed headers";
        var date = query.get("X-Amz-Date");
        var scope = date.substring(0, 8) + "/" + REGION + "/rds-db/aws4_request";
        if (!query.get("X-Amz-Credential").equals((ACCESS_KEY + "/" + scope).replace("/", "%2F"))) return "scope";
        var given = query.remove("X-Amz-Signature");
        var canonical = query.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining("&"));
        var request = "GET\n/\n" + canonical + "\nhost:" + authority + "\n\nhost\n" + SigV4.sha256(new byte[0]);
        if (!given.equals(SigV4.signature(SECRET_KEY, date, scope, request))) return "signature";
        var made = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .parse(date, Instant::from);
        var asked = Duration.ofSeconds(Long.parseLong(query.get("X-Amz-Expires")));
        if (!asked.equals(Duration.ofMinutes(15))) return "expires";
        return made.isBefore(ended) || made.plus(asked).isBefore(Instant.now()) ? "time" : "";
    }

    /// Logs in to the real server as the same user, and carries bytes from then on.
    private void join(SSLSocket client, DataInputStream in, byte[] startup) throws IOException {
        try (var store = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
            store.setTcpNoDelay(true);
            sockets.add(store);
            var out = new DataOutputStream(store.getOutputStream());
            out.writeInt(startup.length + Integer.BYTES);
            out.write(startup);
            Thread.ofVirtual().name("iam-to-store").start(() -> {
                try {
                    in.transferTo(out);
                } catch (IOException _) {
                    // Either side has gone: both end.
                }
                end(store);
            });
            store.getInputStream().transferTo(client.getOutputStream());
            sockets.remove(store);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed anyway.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        resetConnections();
    }
}
