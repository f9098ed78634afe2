package dev.meridian.testing;

import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/// A plain HTTP client for races, where REST Assured is too slow, and unique ids for tests.
public final class Http {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private Http() {}

    /// The address of the service under test, known once REST Assured is set up.
    public static URI uri(String path) {
        return URI.create("http://localhost:" + RestAssured.port + path);
    }

    /// Sends a request with a JSON body (none when null) and any headers.
    ///
    /// @param headers name, value, name, value …
    public static HttpResponse<String> send(String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        if (json == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        }
        if (headers.length > 0) request.headers(headers);
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /// A new visitor, as the header `Cookie` names it.
    public static String aVisitor() {
        var cookie = "meridian-session";
        return cookie + "="
                + RestAssured.given()
                        .accept("text/html")
                        .get("/cart")
                        .then()
                        .statusCode(200)
                        .extract()
                        .cookie(cookie);
    }

    /// A unique id.
    public static String anId(String prefix) {
        return prefix + "-" + UUID.randomUUID();
    }
}
