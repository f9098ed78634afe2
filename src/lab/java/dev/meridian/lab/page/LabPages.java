package dev.meridian.lab.page;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The static content for the browser: the page, its assets and the runbooks.
public final class LabPages {
    private static final Path FILES = Path.of("src/lab/resources");
    private static final Map<String, String> ASSETS = Map.of(
            "/", "index.html",
            "/lab.css", "lab.css",
            "/lab.js", "lab.js",
            "/plots.js", "plots.js",
            "/mark.svg", "mark.svg");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");
    private static final Pattern DOCUMENT = Pattern.compile("/((?:runbooks/|adr/)?[A-Za-z0-9-]{1,80}\\.md)");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// @param type the media type
    record Page(String type, String text) {}

    /// The content at a path, if any.
    Optional<Page> find(String path) throws IOException {
        var asset = ASSETS.get(path);
        if (asset != null)
            return Optional.of(new Page(TYPES.get(asset.substring(asset.indexOf('.') + 1)), read(asset)));
        var document = DOCUMENT.matcher(path);
        if (!document.matches()) return Optional.empty();
        var file = Path.of("docs", document.group(1));
        if (!Files.isRegularFile(file)) return Optional.empty();
        return Optional.of(new Page(TYPES.get("html"), frame(Files.readString(file))));
    }

    private static String frame(String markdown) {
        var title = markdown.lines().findFirst().orElse("").replaceFirst("^# ", "");
        return read("runbook.html")
                .replace("{title}", Markdown.escape(title))
                .replace("{text}", Markdown.html(markdown));
    }

    /// A file of the page, as in the repository.
    public static String read(String name) {
        try {
            return Files.readString(FILES.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The headers of every response.
    static void headers(Headers headers, String type) {
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
    }
}
