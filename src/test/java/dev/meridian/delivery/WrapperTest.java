package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `mvnw` and `mvnw.cmd` download the same file; one machine cannot run both.
class WrapperTest {
    private static final Pattern SETTING =
            Pattern.compile("(?m)^(?:set \")?(JDK|MAVEN|MAVEN_SHA512|ARCHIVE)=([^\"\\r\\n]*)");
    private static final Pattern PLUGIN = Pattern.compile("org\\.apache\\.maven\\.plugins:[a-z-]+:[0-9.]+:copy");

    @Test
    void bothNameTheSameJdkMavenAndDigest() throws IOException {
        var unix = settings(Files.readString(Path.of("mvnw")));
        var windows = settings(Files.readString(Path.of("mvnw.cmd")));
        assertEquals(unix, windows);
        assertEquals(5, unix.size(), unix::toString);
        assertTrue(unix.get("MAVEN_SHA512").matches("[0-9a-f]{128}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK=25", "MAVEN=3.9.16", "MAVEN_SHA512=ed41", "ARCHIVE=https", "plugin:3.11.0"})
    void aDifferenceIsSeen(String setting) throws IOException {
        var windows = Files.readString(Path.of("mvnw.cmd"));
        var other = windows.replace(setting, setting + "1");
        assertNotEquals(windows, other);
        assertNotEquals(settings(windows), settings(other));
    }

    /// cmd fails on a script with Unix line endings, and a shell on one with Windows line endings.
    @Test
    void linesEndAsTheSystemNeedsIt() throws IOException {
        assertFalse(Files.readString(Path.of("mvnw")).contains("\r"));
        assertFalse(Pattern.compile("[^\r]\n")
                .matcher(Files.readString(Path.of("mvnw.cmd")))
                .find());
    }

    /// Every jump target in the Windows script exists, and the script is plain ASCII, for any code page.
    @Test
    void theWindowsScriptJumpsToPlacesThatAreThere() throws IOException {
        var script = Files.readString(Path.of("mvnw.cmd"));
        assertTrue(script.chars().allMatch(c -> c < 128));
        var jumps = Pattern.compile("(?:goto |call :)(\\w+)").matcher(script).results();
        var missing = jumps.map(jump -> jump.group(1))
                .filter(label -> !script.contains("\n:" + label + "\r\n"))
                .toList();
        assertTrue(missing.isEmpty(), missing::toString);
    }

    private static Map<String, String> settings(String script) {
        var settings = new TreeMap<String, String>();
        SETTING.matcher(script)
                .results()
                .forEach(found -> settings.put(
                        found.group(1),
                        found.group(2).replaceAll("%(\\w+)%", "\\$$1").strip()));
        var plugin = PLUGIN.matcher(script);
        assertTrue(plugin.find());
        settings.put("plugin", plugin.group());
        return settings;
    }
}
