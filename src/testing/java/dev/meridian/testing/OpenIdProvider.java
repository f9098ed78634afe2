package dev.meridian.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A real OpenID provider for tests with `meridian.identity=oidc`, in a separate process that ends with this JVM. It
/// starts with the first test that needs it and serves all. Its people and its program are those of dev mode:
/// src/dev/java/LocalProvider.java.
///
/// The people are `customer`, `another-customer`, `support`, `catalog` and `operator`; the last three are in the
/// group of their name.
public final class OpenIdProvider {
    private static final Path BASE = Path.of("target/local-stores").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FORM = Pattern.compile("(?s)<form method=\"post\">(.*?)</form>");
    private static final Pattern INPUT = Pattern.compile("name=\"([^\"]*)\" value=\"([^\"]*)\"");

    /// The folder of the one that runs. A system property, since Quarkus loads this class again for each application
    /// under test.
    private static final String RUNNING = "openid-provider.dir";

    private final HttpClient client = HttpClient.newHttpClient();
    private Properties settings;

    /// What a sign-in gives.
    ///
    /// @param accessToken for APIs
    /// @param idToken about the person
    /// @param refreshToken for later
    public record Tokens(String accessToken, String idToken, String refreshToken) {}

    /// Starts it, or finds the one that runs.
    ///
    /// @return what a service has to be told
    public Map<String, String> start() {
        try {
            settings = launched();
            var config = new HashMap<String, String>();
            settings.stringPropertyNames().forEach(name -> config.put(name, settings.getProperty(name)));
            config.put("meridian.identity", "oidc");
            return config;
        } catch (IOException e) {
            throw new IllegalStateException("The OpenID provider could not be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Properties launched() throws IOException, InterruptedException {
        synchronized (System.getProperties()) {
            var running = System.getProperty(RUNNING);
            if (running == null) {
                running = launch().toString();
                System.setProperty(RUNNING, running);
            }
            var properties = new Properties();
            try (var in = Files.newBufferedReader(Path.of(running, "provider.properties"))) {
                properties.load(in);
            }
            return properties;
        }
    }

    private static Path launch() throws IOException, InterruptedException {
        var dir = Files.createTempDirectory(BASE, "provider-");
        var process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "@" + BASE.resolve("java.args"),
                        "provider",
                        dir.toString(),
                        Long.toString(ProcessHandle.current().pid()),
                        "0"))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!Files.exists(dir.resolve("provider.properties"))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("The provider did not start, see " + dir.resolve("log"));
            }
            Thread.sleep(20);
        }
        return dir;
    }

    /// The issuer.
    public String issuer() {
        return settings.getProperty("meridian.oidc.issuer");
    }

    /// The id of the service's client.
    public String clientId() {
        return settings.getProperty("meridian.oidc.client-id");
    }

    /// The discovery document.
    public JsonNode discovery() throws IOException, InterruptedException {
        return JSON.readTree(get(issuer() + "/.well-known/openid-configuration").body());
    }

    /// Signs a person in as a browser does: reads the page of an authorization request and sends the person's form.
    ///
    /// @param authorize the whole address of the request
    /// @return where the provider sends the browser then
    public URI signIn(String authorize, String person) throws IOException, InterruptedException {
        var page = get(authorize).body();
        for (var form : FORM.matcher(page).results().toList()) {
            var fields = INPUT.matcher(form.group(1))
                    .results()
                    .collect(Collectors.toMap(
                            field -> field.group(1), field -> field.group(2).replace("&quot;", "\"")));
            if (!person.equals(fields.get("username"))) continue;
            var answer = post(authorize, fields);
            return URI.create(answer.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new IllegalStateException(answer.statusCode() + " " + answer.body())));
        }
        throw new IllegalArgumentException("The page has nobody called " + person + ": " + page);
    }

    /// The tokens of a person who signs in now, by a code and PKCE.
    public Tokens tokens(String person) throws IOException, InterruptedException {
        var verifier = UUID.randomUUID() + "-" + UUID.randomUUID();
        var callback = "http://localhost/callback";
        var back = signIn(
                authorize(Map.of(
                        "response_type", "code",
                        "client_id", clientId(),
                        "redirect_uri", callback,
                        "scope", "openid",
                        "state", "a-state",
                        "nonce", "a-nonce",
                        "code_challenge", challenge(verifier),
                        "code_challenge_method", "S256")),
                person);
        return redeem(parameters(back).get("code"), callback, verifier);
    }

    /// The address of an authorization request.
    public String authorize(Map<String, String> parameters) throws IOException, InterruptedException {
        return discovery().path("authorization_endpoint").asText() + "?" + form(parameters);
    }

    /// Exchanges a code for tokens.
    ///
    /// @throws IllegalStateException with the answer when the provider refuses
    public Tokens redeem(String code, String callback, String verifier) throws IOException, InterruptedException {
        var answer = post(
                discovery().path("token_endpoint").asText(),
                Map.of(
                        "grant_type", "authorization_code",
                        "client_id", clientId(),
                        "redirect_uri", callback,
                        "code", code,
                        "code_verifier", verifier));
        if (answer.statusCode() != 200) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        var tokens = JSON.readTree(answer.body());
        return new Tokens(
                tokens.path("access_token").asText(),
                tokens.path("id_token").asText(),
                tokens.path("refresh_token").asText());
    }

    /// The token of a machine with the scope `meridian/machine`.
    public String machineToken() throws IOException, InterruptedException {
        var answer = post(
                discovery().path("token_endpoint").asText(),
                Map.of(
                        "grant_type", "client_credentials",
                        "client_id", "meridian-machine",
                        "client_secret", "any",
                        "scope", "meridian/machine"));
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    /// The claims of a token, unverified.
    public static JsonNode claims(String token) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    /// The challenge of a verifier (RFC 7636, S256).
    public static String challenge(String verifier) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The parameters of an address.
    public static Map<String, String> parameters(URI address) {
        var all = new HashMap<String, String>();
        for (var pair : address.getRawQuery().split("&")) {
            var parts = pair.split("=", 2);
            all.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return all;
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String address, Map<String, String> fields)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(fields)));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
