package dev.meridian.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands for what gives a process its AWS credentials: the endpoint of ECS, the agent of EKS Pod Identity,
/// and the token service (STS) for IRSA. Each answer has another key. It hangs and refuses on demand.
public final class CredentialServer implements AutoCloseable {
    /// The role of IRSA.
    public static final String ROLE = "arn:aws:iam::111122223333:role/meridian";

    /// A key of some role.
    record Key(String id, String secret, String token, Instant ends) {}

    /// An answer instead of credentials.
    private record Refusal(int status, String code) {}

    private final HttpServer server;
    private final String token;
    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String wanted;
    private volatile Duration lifetime = Duration.ofHours(1);
    private volatile Refusal refusal;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /// On a free port of loopback.
    ///
    /// @param token that a caller must have
    public CredentialServer(String token) throws IOException {
        this(token, 0);
    }

    /// @param port on loopback
    public CredentialServer(String token, int port) throws IOException {
        this.token = token;
        this.wanted = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/credentials/task", exchange -> answer(exchange, this::ofContainer));
        server.createContext("/v1/credentials", exchange -> answer(exchange, this::ofContainer));
        server.createContext("/", exchange -> answer(exchange, this::ofTokenService));
        server.start();
    }

    /// Its address.
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /// Its port on loopback.
    public int port() {
        return server.getAddress().getPort();
    }

    /// The variables of a task on ECS.
    public Map<String, String> ofEcs() {
        return Map.of(
                "AWS_CONTAINER_SERVICE_ENDPOINT",
                url(),
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "/v2/credentials/task",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                token);
    }

    /// The variables of a pod with EKS Pod Identity.
    ///
    /// @param file with the token
    public Map<String, String> ofPodIdentity(String file) {
        return Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                url() + "/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                file);
    }

    /// The variables of a pod with IRSA.
    ///
    /// @param file with the token
    public Map<String, String> ofIrsa(String file) {
        return Map.of(
                "AWS_ENDPOINT_URL_STS",
                url(),
                "AWS_REGION",
                "eu-central-1",
                "AWS_ROLE_ARN",
                ROLE,
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                file);
    }

    /// The token that callers must have from now on.
    public void wants(String token) {
        wanted = token;
    }

    /// How long keys live that are given from now on.
    public void lifetime(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /// Answers nothing until [#pass].
    public void hang() {
        gate = new CountDownLatch(1);
    }

    /// Gives credentials.
    public void pass() {
        refusal = null;
        gate.countDown();
    }

    /// Refuses.
    public void refuse(int status, String code) {
        refusal = new Refusal(status, code);
    }

    /// How many keys were given.
    public int given() {
        return given.get();
    }

    /// How many questions came, answered or not.
    public int asked() {
        return asked.get();
    }

    /// The key with this id; null when there is none.
    Key key(String id) {
        return keys.get(id);
    }

    /// Ends a key before its time.
    ///
    /// @param id of the key
    public void revoke(String id) {
        keys.remove(id);
    }

    private interface Answer {
        String to(HttpExchange exchange, Map<String, String> form);
    }

    private void answer(HttpExchange exchange, Answer answer) throws IOException {
        asked.incrementAndGet();
        try (exchange) {
            var form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            gate.await();
            boolean isForm = !form.isEmpty();
            var refused = refusal;
            var token = isForm
                    ? form.get("WebIdentityToken")
                    : exchange.getRequestHeaders().getFirst("Authorization");
            if (refused == null && !wanted.equals(token)) {
                refused = isForm ? new Refusal(400, "InvalidIdentityToken") : new Refusal(401, "InvalidTokenException");
            }
            var text = refused == null ? answer.to(exchange, form) : refused(refused.code, isForm);
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", isForm ? "text/xml" : "application/json");
            exchange.sendResponseHeaders(refused == null ? 200 : refused.status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> form(String body) {
        var form = new HashMap<String, String>();
        for (var pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 0) continue;
            form.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    private static String refused(String code, boolean isForm) {
        if (!isForm) return "{\"code\":\"" + code + "\",\"message\":\"" + code + ": not for you\"}";
        return """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
                <Code>%s</Code><Message>not for you</Message></Error><RequestId>r-1</RequestId></ErrorResponse>""".formatted(code);
    }

    private Key next() {
        int number = given.incrementAndGet();
        var key = new Key(
                "ASIAMERIDIAN" + number,
                "secret " + number,
                "session/" + number + "==",
                Instant.now().plus(lifetime).truncatedTo(ChronoUnit.SECONDS));
        keys.put(key.id, key);
        return key;
    }

    private String ofContainer(HttpExchange exchange, Map<String, String> form) {
        var key = next();
        return """
                {"AccessKeyId":"%s","SecretAccessKey":"%s","Token":"%s","Expiration":"%s","RoleArn":"%s"}""".formatted(key.id, key.secret, key.token, key.ends, ROLE);
    }

    private String ofTokenService(HttpExchange exchange, Map<String, String> form) {
        if (!"AssumeRoleWithWebIdentity".equals(form.get("Action")) || !ROLE.equals(form.get("RoleArn"))) {
            throw new IllegalStateException("not a question of IRSA: " + form);
        }
        var key = next();
        return """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                  <AssumeRoleWithWebIdentityResult>
                    <AssumedRoleUser><Arn>%s/meridian</Arn><AssumedRoleId>AROA:meridian</AssumedRoleId></AssumedRoleUser>
                    <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>\
                <SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>
                  </AssumeRoleWithWebIdentityResult>
                  <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>
                </AssumeRoleWithWebIdentityResponse>""".formatted(ROLE, key.id, key.secret, key.token, key.ends);
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
    }
}
