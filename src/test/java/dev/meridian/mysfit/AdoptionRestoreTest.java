package dev.meridian.mysfit;

import static dev.meridian.mysfit.Creatures.s;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Adoptions whose rows a new SQL writer lacks. Only in the test JVM, because it compares through a bean.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class AdoptionRestoreTest {
    @Inject
    AdoptionRecoveryService recovery;

    private final Creatures creatures = new Creatures();

    @AfterEach
    void cleanUp() {
        creatures.close();
    }

    private AdoptionRecoveryService.Restored restore() {
        return recovery.restore().await().atMost(Duration.ofSeconds(20));
    }

    private static int adopt(String id, String customer) throws Exception {
        return Http.send("POST", "/mysfits/" + id + "/adopt", null, "X-Customer-Id", customer)
                .statusCode();
    }

    private static void lose(String id) {
        assertEquals(1, Creatures.sql("DELETE FROM adoptions WHERE mysfit_id = '" + id + "'"));
    }

    private static long rows(String id, String condition) {
        return Creatures.sql("SELECT count(*) FROM adoptions WHERE mysfit_id = '" + id + "' AND " + condition);
    }

    @Test
    void aLostRowIsMadeAgainOnceWithItsAdopterAndRegion() throws Exception {
        var id = creatures.any();
        assertEquals(200, adopt(id, "ada"));
        var row = "claim = '" + Ids.derive("adoption", "ada") + "' AND region = 'elsewhere'";
        var item = new HashMap<>(creatures.item(id));
        assertEquals(s("eu-west-1"), item.put("AdoptedIn", s("elsewhere")));
        creatures.put(Creatures.MYSFITS, item);
        lose(id);
        var results = Race.run(8, 8, _ -> this::restore);
        assertEquals(
                1,
                results.stream()
                        .mapToInt(AdoptionRecoveryService.Restored::restored)
                        .sum(),
                results.toString());
        assertEquals(1, rows(id, row));
        assertEquals(200, adopt(id, "ada"));
        assertEquals(409, adopt(id, "bob"));
    }

    /// The other Region had not got the flag, and let another adopt on the new writer: the row decides.
    @Test
    void ofTwoAdoptersTheRowDecides() throws Exception {
        var id = creatures.any();
        assertEquals(200, adopt(id, "ada"));
        lose(id);
        var flagged = creatures.item(id);
        var bare = new HashMap<>(flagged);
        bare.keySet().removeAll(List.of("Adopted", "AdoptedBy", "AdoptedIn"));
        creatures.put(Creatures.MYSFITS, bare);
        assertEquals(200, adopt(id, "bob"));
        creatures.put(Creatures.MYSFITS, flagged);
        assertTrue(restore().different() >= 1);
        assertEquals(0, restore().different());
        assertEquals(s(Ids.derive("adoption", "bob")), creatures.item(id).get("AdoptedBy"));
        assertEquals(200, adopt(id, "bob"));
        assertEquals(409, adopt(id, "ada"));
    }

    /// Items of the older shop have no claim.
    @Test
    void whatHasNoClaimStaysAdopted() throws Exception {
        var id = creatures.any();
        var item = new HashMap<>(creatures.item(id));
        item.put("Adopted", AttributeValue.fromBool(true));
        creatures.put(Creatures.MYSFITS, item);
        assertEquals(1, restore().restored());
        assertEquals(1, rows(id, "claim IS NULL"));
        assertEquals(409, adopt(id, "ada"));
        var other = creatures.any();
        restore();
        assertEquals(0, rows(other, "true"));
    }
}
