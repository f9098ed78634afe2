package dev.meridian.http;

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

/// URLs of style sheet, script and drawings. They contain a hash of the content, so that browsers may cache them
/// without limit. The hash is a query parameter, not a part of the path: during a deployment the old version also
/// answers the new URL, with a short cache lifetime.
@ApplicationScoped
public class Assets {
    private static final String ROOT = "/assets/";
    private static final String PATTERN = "/assets/[A-Za-z0-9_/-]+\\.(css|js|svg)";
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String FOR_A_WHILE = "public, max-age=600";
    private static final int HASH_CHARS = 12;

    private final Map<String, String> hashes = new ConcurrentHashMap<>();

    void onRouter(@Observes Router router) {
        // Before the static resources, which keep an existing Cache-Control.
        router.route(ROOT + "*").order(FilterOrder.BEFORE_RESOURCES).handler(this::cache);
    }

    private void cache(RoutingContext context) {
        var version = context.request().getParam("v");
        boolean isPromised = version != null
                && hash(context.normalizedPath()).filter(version::equals).isPresent();
        context.response().putHeader("Cache-Control", isPromised ? FOREVER : FOR_A_WHILE);
        context.next();
    }

    /// The URL of a file, with its hash when this service has the file, else unchanged.
    ///
    /// @param address a path on this service or a full URL
    public String url(String address) {
        return hash(address).map(hash -> address + "?v=" + hash).orElse(address);
    }

    private Optional<String> hash(String path) {
        if (!path.matches(PATTERN)) return Optional.empty();
        // Only existing files are cached, so unknown paths take no memory.
        return Optional.ofNullable(hashes.computeIfAbsent(path, Assets::digest));
    }

    private static String digest(String path) {
        try (var file =
                Thread.currentThread().getContextClassLoader().getResourceAsStream("META-INF/resources" + path)) {
            if (file == null) return null;
            var sha256 = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
            return HexFormat.of().formatHex(sha256).substring(0, HASH_CHARS);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }
}
