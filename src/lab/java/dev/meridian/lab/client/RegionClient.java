package dev.meridian.lab.client;

import dev.meridian.lab.cluster.LabProcesses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Requests of the administrator to the service of one Region, past the router.
public final class RegionClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private RegionClient() {}

    /// @param json null: no body
    /// @param headers name, value, name, value …
    public static HttpResponse<String> send(
            LabProcesses lab, String region, String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        var service = path.startsWith("/admin/") ? lab.administration(region) : lab.service(region);
        var request = HttpRequest.newBuilder(URI.create(service + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + LabProcesses.ADMIN_TOKEN)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) request.header("Content-Type", "application/json");
        if (headers.length > 0) request.headers(headers);
        // A new connection each: services are killed between two requests.
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }
}
