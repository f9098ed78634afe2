package dev.meridian.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/// HTTP to the provider: one JSON object for each call, no redirects, a bound for each wait.
@ApplicationScoped
class ProviderClient {
    private static final int CONNECTIONS = 4;
    private static final int OK = 200;

    private final Vertx vertx;
    private final int timeout;
    private volatile HttpClient client;

    ProviderClient(Vertx vertx, OidcConfig config) {
        this.vertx = vertx;
        this.timeout = Math.toIntExact(config.timeout().toMillis());
    }

    Uni<JsonObject> get(String url) {
        return call(HttpMethod.GET, url, HttpClientRequest::send);
    }

    /// @param authorization the header's value; null for none
    /// @param form as `application/x-www-form-urlencoded`
    Uni<JsonObject> post(String url, String authorization, String form) {
        return call(HttpMethod.POST, url, request -> {
            if (authorization != null) request.putHeader(HttpHeaders.AUTHORIZATION, authorization);
            return request.putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .send(Buffer.buffer(form));
        });
    }

    private Uni<JsonObject> call(
            HttpMethod method,
            String url,
            Function<HttpClientRequest, Future<io.vertx.core.http.HttpClientResponse>> send) {
        return Uni.createFrom()
                .completionStage(() -> client().request(new RequestOptions()
                                .setMethod(method)
                                .setAbsoluteURI(url)
                                .setConnectTimeout(timeout)
                                .setTimeout(timeout))
                        .compose(request -> send.apply(request.putHeader(HttpHeaders.ACCEPT, "application/json")))
                        .compose(response -> response.body()
                                .compose(body -> response.statusCode() == OK
                                        ? Future.succeededFuture(new JsonObject(body))
                                        : Future.failedFuture(new ProviderException(response.statusCode()))))
                        .toCompletionStage());
    }

    /// Made with the first call: who does not use a provider does not have it.
    private synchronized HttpClient client() {
        if (client == null) {
            client = vertx.createHttpClient(
                    new HttpClientOptions().setMaxPoolSize(CONNECTIONS).setKeepAliveTimeout(30));
        }
        return client;
    }
}
