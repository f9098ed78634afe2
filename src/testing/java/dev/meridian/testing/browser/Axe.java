package dev.meridian.testing.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The rules of WCAG 2.2 AA that axe-core can check. npm installs it into `target`, in the version from
/// `src/test/browser/package-lock.json`.
public final class Axe {
    private static final Path FOLDER = Path.of("target/browser");
    private static final Path SCRIPT = FOLDER.resolve("node_modules/axe-core/axe.min.js");
    private static final String RUN = """
            () => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                            resultTypes: ['violations'] })
              .then(result => result.violations.map(v =>
                v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | ')))
            """;

    private final String source;

    /// Installs axe-core when it is not in `target` yet.
    public Axe() throws IOException, InterruptedException {
        source = source();
    }

    /// One browser installs it for all: until npm has ended the file may be there in part.
    private static synchronized String source() throws IOException, InterruptedException {
        if (!Files.exists(SCRIPT)) install();
        return Files.readString(SCRIPT);
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        for (var file : List.of("package.json", "package-lock.json")) {
            Files.copy(Path.of("src/test/browser", file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("npm.log").toFile())
                .start();
        assertEquals(0, npm.waitFor(), "npm ci failed, see target/browser/npm.log");
    }

    /// The violations on the current page.
    @SuppressWarnings("unchecked")
    public List<String> check(Page page) {
        // Evaluated, not added as a script element, which the page's security policy forbids.
        page.evaluate(source + "; undefined");
        return (List<String>) page.evaluate(RUN);
    }

    /// The same, on a page where scripts may run; empty elsewhere.
    public List<String> checkWhereScriptsRun(Page page, Browsing.Look look) {
        return look.script() ? check(page) : List.of();
    }
}
