package dev.meridian.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Style sheet, scripts and drawings, and their URLs. These contain a hash of the content, so that browsers
/// may cache them without limit. The hash is a query parameter, not a part of the path: during a deployment
/// the old version also answers the new URL, with a short cache lifetime.
///
/// The hash is the entity tag too, so that a file is the same in every process and Region of one build. The
/// static resources of the framework would say that it was modified when the process began.
@ApplicationScoped
public class Assets {
    private static final String ROOT = "/assets/";
    private static final String PATTERN = "/assets/[A-Za-z0-9_/-]+\\.(css|js|svg)";
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String FOR_A_WHILE = "public, max-age=600";
    private static final int HASH_CHARS = 12;
    private static final Map<String, String> TYPES =
            Map.of("css", "text/css;charset=UTF-8", "js", "text/javascript;charset=UTF-8", "svg", "image/svg+xml");

    private record Asset(String hash, Buffer content) {}

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    void onRouter(@Observes Router router) {
        // Before the static resources.
        router.route(ROOT + "*").order(FilterOrder.BEFORE_RESOURCES).handler(this::answer);
    }

    private void answer(RoutingContext context) {
        var request = context.request();
        var path = context.normalizedPath();
        var asset = asset(path).orElse(null);
        if (asset == null || request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            context.next();
            return;
        }
        boolean isPromised = asset.hash().equals(request.getParam("v"));
        // Weak: what is sent may be compressed.
        var tag = "W/" + EntityTags.quoted(asset.hash());
        var response = context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, isPromised ? FOREVER : FOR_A_WHILE)
                .putHeader(HttpHeaders.ETAG, tag);
        if (EntityTags.isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH), asset.hash())) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
        if (request.method() == HttpMethod.GET) {
            response.end(asset.content());
        } else {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            String.valueOf(asset.content().length()))
                    .end();
        }
    }

    /// The URL of a file, with its hash when this service has the file, else unchanged.
    ///
    /// @param address a path on this service or a full URL
    public String url(String address) {
        return asset(address).map(asset -> address + "?v=" + asset.hash()).orElse(address);
    }

    private Optional<Asset> asset(String path) {
        if (!path.matches(PATTERN)) return Optional.empty();
        // Only existing files are cached, so unknown paths take no memory.
        return Optional.ofNullable(assets.computeIfAbsent(path, Assets::read));
    }

    private static Asset read(String path) {
        try (var file =
                Thread.currentThread().getContextClassLoader().getResourceAsStream("META-INF/resources" + path)) {
            if (file == null) return null;
            var content = file.readAllBytes();
            var sha256 = MessageDigest.getInstance("SHA-256").digest(content);
            return new Asset(HexFormat.of().formatHex(sha256).substring(0, HASH_CHARS), Buffer.buffer(content));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }
}
