package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RunMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdminTokensTest {
    /// `printf %s first | sha256sum`, and so on.
    private static final String FIRST = "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e";

    private static final String SECOND = "16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4";

    private record Config(Optional<String> token, Optional<List<String>> tokens) implements AdminConfig {
        @Override
        public Optional<Integer> port() {
            return Optional.empty();
        }

        @Override
        public boolean isPublic() {
            return false;
        }
    }

    private static AdminTokens tokens(String... entries) {
        return new AdminTokens(new Config(Optional.empty(), Optional.of(List.of(entries))), () -> RunMode.PRODUCTION);
    }

    private static int refused(AdminTokens tokens, String authorization) {
        return assertThrows(ProblemException.class, () -> tokens.name(authorization))
                .code()
                .status();
    }

    @Test
    void eachTokenHasTheNameOfItsEntry() {
        var tokens = tokens("nadia:" + FIRST, " omar@night:" + SECOND.toUpperCase(java.util.Locale.ROOT));
        assertEquals("nadia", tokens.name("Bearer first"));
        assertEquals("omar@night", tokens.name("bearer second "));
        for (var other : new String[] {null, "", "Bearer", "Bearer ", "Bearer third", "Basic first", "first"}) {
            assertEquals(401, refused(tokens, other), other);
        }
        // Who reads the configuration cannot call with what it says.
        assertEquals(401, refused(tokens, "Bearer " + FIRST));
        assertEquals("nadia", tokens("nadia:" + SECOND, "nadia:" + FIRST).name("Bearer first"));
    }

    @Test
    void oneTokenIsAListOfOne() {
        var one = new AdminTokens(new Config(Optional.of("first"), Optional.empty()), () -> RunMode.PRODUCTION);
        assertEquals("admin", one.name("Bearer first"));
        assertEquals(401, refused(one, "Bearer second"));
    }

    @Test
    void withoutATokenProductionRefusesAndModeTestAdmits() {
        assertEquals(403, refused(tokens(), "Bearer first"));
        var test = new AdminTokens(new Config(Optional.of(" "), Optional.empty()), () -> RunMode.TEST);
        assertEquals("anybody", test.name(null));
    }

    @Test
    void aBadListIsRefusedWithoutSayingWhatIsInIt() {
        for (var bad : List.of(
                "open-sesame-17",
                "nadia:open-sesame-17",
                FIRST,
                ":" + FIRST,
                "na dia:" + FIRST,
                "nadia:" + FIRST.substring(1),
                "nadia:" + FIRST + "0",
                "nadia:" + FIRST.replace('a', 'g'))) {
            var failure = assertThrows(
                    ConfigurationException.class, () -> tokens("omar:" + SECOND, bad), () -> "taken " + bad);
            assertFalse(failure.getMessage().contains(bad), failure::getMessage);
            assertEquals(
                    "meridian.admin.tokens: entry 2 is not a name, a colon and the 64 hexadecimal digits of a SHA-256",
                    failure.getMessage());
        }
        var both = new Config(Optional.of("first"), Optional.of(List.of("nadia:" + FIRST)));
        assertEquals(
                "meridian.admin.token and meridian.admin.tokens are both set: keep meridian.admin.tokens",
                assertThrows(ConfigurationException.class, () -> new AdminTokens(both, () -> RunMode.PRODUCTION))
                        .getMessage());
    }
}
