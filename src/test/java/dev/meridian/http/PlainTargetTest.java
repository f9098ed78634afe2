package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The check of targets has a short way for simple ones. It must not decide otherwise than the long one.
class PlainTargetTest {
    private static final Pattern AMBIGUOUS = Pattern.compile(";|%(?:3b|2f|5c)", Pattern.CASE_INSENSITIVE);
    private static final String PIECES =
            "/ / / // a Z 0 9 . .. - _ ~ ? ? = & ; : @ + , ! $ ' ( ) * % %2f %3B %5c %20 %zz # [ ] \\ { é \u0000";

    /// The definition, without a short way.
    private static boolean isPlain(String target) {
        try {
            new URI(target);
            return !AMBIGUOUS.matcher(target.split("\\?", 2)[0]).find();
        } catch (URISyntaxException _) {
            return false;
        }
    }

    @Test
    void randomTargetsAreDecidedAsByTheDefinition() {
        var random = new Random(15);
        var pieces = PIECES.split(" ");
        int plain = 0;
        for (int i = 0; i < 200_000; i++) {
            var target = new StringBuilder(random.nextInt(10) == 0 ? "" : "/");
            for (int length = random.nextInt(8); length > 0; length--) {
                target.append(pieces[random.nextInt(random.nextBoolean() ? 16 : pieces.length)]);
            }
            var text = target.toString();
            assertEquals(isPlain(text), HttpLimits.isPlain(text), text);
            if (isPlain(text)) plain++;
        }
        assertTrue(plain > 20_000 && plain < 180_000, "plain " + plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/carts/ada", "/catalog/products?page=1&size=10", "/q/openapi", "/orders?next=/x?y"})
    void usualTargetsArePlain(String target) {
        assertTrue(HttpLimits.isPlain(target));
    }
}
