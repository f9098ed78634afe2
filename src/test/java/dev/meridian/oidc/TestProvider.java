package dev.meridian.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.meridian.testing.OpenIdProvider;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/// An OpenID provider whose tokens can be wrong in every way: what a real one does not make. Whoever `login` names at
/// `/authorize` has signed in.
public class TestProvider implements QuarkusTestResourceLifecycleManager {
    static final String CLIENT = "shop";
    static final String APP = "app";
    static final String ROBOT = "robot";
    static final String ADMIN = "open-sesame-of-the-provider";

    // System properties, since Quarkus loads this class again for each application under test.
    private static final String KEY = "test.provider.key";
    private static final String ISSUER = "test.provider.issuer";

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var issuer = "http://localhost:" + server.getAddress().getPort() + "/pool";
            System.setProperty(ISSUER, issuer);
            System.setProperty(KEY, newKey("k-1").toJson(OutputControlLevel.INCLUDE_PRIVATE));
            server.createContext("/pool/.well-known/openid-configuration", exchange -> answer(exchange, discovery()));
            server.createContext("/keys", exchange -> answer(exchange, keys()));
            server.createContext("/authorize", TestProvider::authorize);
            server.createContext("/token", TestProvider::token);
            server.start();
            return Map.of(
                    "meridian.identity", "oidc",
                    "meridian.oidc.issuer", issuer,
                    "meridian.oidc.client-id", CLIENT,
                    "meridian.oidc.clients", APP + "," + ROBOT,
                    "meridian.admin.token", ADMIN);
        } catch (IOException | JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        if (server != null) server.stop(0);
    }

    static RsaJsonWebKey newKey(String id) throws JoseException {
        var key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId(id);
        key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
        return key;
    }

    static RsaJsonWebKey key() {
        try {
            return (RsaJsonWebKey) JsonWebKey.Factory.newJwk(System.getProperty(KEY));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String issuer() {
        return System.getProperty(ISSUER);
    }

    private static String discovery() {
        var base = issuer().replace("/pool", "");
        return JsonUtil.toJson(Map.of(
                "issuer", issuer(),
                "jwks_uri", base + "/keys",
                "authorization_endpoint", base + "/authorize",
                "token_endpoint", base + "/token"));
    }

    private static String keys() {
        return "{\"keys\":[" + key().toJson() + "]}";
    }

    /// The claims of an access token as Amazon Cognito makes it.
    static Map<String, Object> claims(String subject, String client, String... groups) {
        var claims = new HashMap<String, Object>();
        claims.put("iss", issuer());
        claims.put("sub", subject);
        claims.put("client_id", client);
        claims.put("token_use", "access");
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("exp", Instant.now().getEpochSecond() + 300);
        if (groups.length > 0) claims.put("cognito:groups", List.of(groups));
        return claims;
    }

    static String sign(Map<String, Object> claims) {
        return sign(claims, key());
    }

    static String sign(Map<String, Object> claims, RsaJsonWebKey key) {
        try {
            var signature = new JsonWebSignature();
            signature.setPayload(JsonUtil.toJson(claims));
            signature.setKey(key.getPrivateKey());
            signature.setKeyIdHeaderValue(key.getKeyId());
            signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The header of a person, of staff with groups.
    public static String person(String subject, String... groups) {
        return "Bearer " + sign(claims(subject, CLIENT, groups));
    }

    /// The header of a machine.
    public static String machine(String... scopes) {
        var claims = claims(ROBOT, ROBOT);
        claims.put("scope", String.join(" ", scopes));
        return "Bearer " + sign(claims);
    }

    /// Sends the browser back at once, with a code that says who has signed in.
    private static void authorize(HttpExchange exchange) throws IOException {
        var sent = parameters(exchange.getRequestURI().getRawQuery());
        var code = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        JsonUtil.toJson(Map.<String, Object>copyOf(sent)).getBytes(StandardCharsets.UTF_8));
        exchange.getResponseHeaders()
                .add("Location", sent.get("redirect_uri") + "?code=" + code + "&state=" + sent.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static void token(HttpExchange exchange) throws IOException {
        var sent = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        var asked = asked(sent.get("code"));
        boolean isRight = "authorization_code".equals(sent.get("grant_type"))
                && CLIENT.equals(sent.get("client_id"))
                && asked.get("redirect_uri").equals(sent.get("redirect_uri"))
                && "S256".equals(asked.get("code_challenge_method"))
                && asked.get("code_challenge").equals(OpenIdProvider.challenge(sent.get("code_verifier")));
        if (!isRight) {
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
            return;
        }
        var claims = claims(asked.getOrDefault("login", "nobody"), CLIENT);
        claims.remove("client_id");
        claims.put("token_use", "id");
        claims.put("aud", CLIENT);
        claims.put("nonce", asked.get("nonce"));
        if (asked.containsKey("groups")) {
            claims.put("cognito:groups", Arrays.asList(asked.get("groups").split(",")));
        }
        answer(exchange, JsonUtil.toJson(Map.of("token_type", "Bearer", "id_token", sign(claims))));
    }

    private static Map<String, String> asked(String code) {
        try {
            var asked = new HashMap<String, String>();
            JsonUtil.parseJson(new String(Base64.getUrlDecoder().decode(code), StandardCharsets.UTF_8))
                    .forEach((name, value) -> asked.put(name, (String) value));
            return asked;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> parameters(String encoded) {
        var parameters = new HashMap<String, String>();
        for (var pair : encoded.split("&")) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
