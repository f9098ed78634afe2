package dev.meridian.testing.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.meridian.testing.Http;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Debian's Chromium, with checks on every visit: no request to another host, no violation of the content
/// security policy, no script error.
public final class Browsing implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /// The device and settings of a visitor.
    public record Look(boolean script, boolean phone, boolean dark) {
        @Override
        public String toString() {
            return (script ? "script" : "plain") + (phone ? "-phone" : "-desktop") + (dark ? "-dark" : "-light");
        }
    }

    private static final boolean PICTURES = System.getProperty("pictures") != null;

    private final Playwright playwright;
    private final Browser browser;
    /// The violations of these checks.
    public final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<BrowserContext> open = new ArrayList<>();

    /// Starts the browser; without one the test is skipped with a message.
    public Browsing() {
        var chromium = chromium();
        Assumptions.assumeTrue(
                chromium.isPresent(), "The browser tests need Chromium: apt-get install chromium, as .ci/run does");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setArgs(FLAGS));
    }

    private static Optional<Path> chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// A new browser context for the service under test.
    public Page visit(Look look) {
        return visit(look, Http.uri("").toString());
    }

    /// A new browser context for the service at this address.
    public Page visit(Look look, String address) {
        var context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(address)
                .setJavaScriptEnabled(look.script())
                .setReducedMotion(ReducedMotion.REDUCE)
                .setColorScheme(look.dark() ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setViewportSize(look.phone() ? 390 : 1280, look.phone() ? 844 : 900));
        context.setDefaultTimeout(20_000);
        var own = URI.create(address).getHost();
        context.onRequest(request -> {
            var host = URI.create(request.url()).getHost();
            if (!own.equals(host)) faults.add("asked another host: " + request.url());
        });
        context.onConsoleMessage(message -> {
            // The browser reports each response of 400 or more; some tests expect these.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                faults.add("console: " + message.text());
            }
        });
        context.onWebError(error -> faults.add("script: " + error.error()));
        open.add(context);
        return context.newPage();
    }

    /// Ends all visits.
    public void leave() {
        open.forEach(BrowserContext::close);
        open.clear();
    }

    /// Saves a screenshot of the whole page in `target/screenshots`, only with `-Dpictures`: it takes longer
    /// than loading the page.
    public static void picture(Page page, String name) {
        if (PICTURES)
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of("target/screenshots", name + ".png"))
                    .setFullPage(true));
    }

    /// Saves a screenshot of the viewport in `target/screenshots`, with `-Dpictures`.
    public static void view(Page page, String name) {
        if (PICTURES)
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots", name + ".png")));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
