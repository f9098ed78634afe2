package dev.meridian.recovery;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class RecoveryResourceTest {
    private static final String REPORT = "/admin/recovery/missing-orders";

    private static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    /// A missing order, found at a minute that no other test uses.
    private static String lost(String state, String reason, String customer, String foundAt) {
        var id = Http.anId("lost");
        var item = new HashMap<>(Map.of(
                "orderId", s(id),
                "customerId", s(customer),
                "idempotencyKey", s("k"),
                "payloadHash", s("h"),
                "state", s(state),
                "acceptedAt", s("2031-01-01T00:00:00.000Z"),
                "confirmedAt", s("2031-01-01T00:00:01.000Z"),
                "foundAt", s(foundAt),
                "region", s("eu-west-1")));
        item.put("recoveryShard", ShardedIndex.shard(id));
        item.put("recoveryKey", s(foundAt + "#" + id));
        item.put("payloadFormat", AttributeValue.fromN("1"));
        item.put("payload", s("{}"));
        if (reason != null) item.put("reason", s(reason));
        try (var journal = new Journal(System.getProperty("stores.quarkus.dynamodb.endpoint-override"))) {
            journal.put(item);
        }
        return id;
    }

    @Test
    void theReportTellsWhatBecameOfEachNewestFirstAndPageByPage() {
        var open = lost("ACCEPTED", null, "c-1", "2099-01-01T00:00:01.000Z");
        var replayed = lost("CONFIRMED", null, "c-2", "2099-01-01T00:00:02.000Z");
        var cancelled = lost("CANCELLED", null, "c-3", "2099-01-01T00:00:03.000Z");
        var rejected = lost("REJECTED", "OUT_OF_STOCK: p, q", "=c-4", "2099-01-01T00:00:04.000Z");

        var first = given().get(REPORT + "?limit=3")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("", hasSize(3))
                .body("[0].orderId", equalTo(rejected))
                .body("[0].outcome", equalTo("rejected"))
                .body("[0].reason", equalTo("OUT_OF_STOCK: p, q"))
                .body("[0].customerId", equalTo("=c-4"))
                .body("[0].acceptedAt", equalTo("2031-01-01T00:00:00Z"))
                .body("[0].confirmedAt", equalTo("2031-01-01T00:00:01Z"))
                .body("[0].foundAt", equalTo("2099-01-01T00:00:04Z"))
                .body("[0].region", equalTo("eu-west-1"))
                .body("[1].orderId", equalTo(cancelled))
                .body("[1].outcome", equalTo("replayed"))
                .body("[1].reason", nullValue())
                .body("[2].orderId", equalTo(replayed))
                .body("[2].outcome", equalTo("replayed"));
        var link = first.extract().header("Link");
        assertTrue(link.matches("</admin/recovery/missing-orders\\?.*>; rel=\"next\""), link);
        given().urlEncodingEnabled(false)
                .get(link.substring(1, link.indexOf('>')))
                .then()
                .statusCode(200)
                .body("[0].orderId", equalTo(open))
                .body("[0].outcome", equalTo("open"));

        var csv = given().accept("text/csv")
                .get(REPORT + "?limit=4")
                .then()
                .statusCode(200)
                .contentType(containsString("text/csv"))
                .extract()
                .asString()
                .split("\r\n");
        assertEquals("orderId,customerId,acceptedAt,confirmedAt,foundAt,outcome,reason,region", csv[0]);
        assertEquals(
                rejected + ",'=c-4,2031-01-01T00:00:00Z,2031-01-01T00:00:01Z,2099-01-01T00:00:04Z,rejected,"
                        + "\"OUT_OF_STOCK: p, q\",eu-west-1",
                csv[1]);
        assertEquals(5, csv.length);
    }

    @Test
    void whatIsNotValidIsRefused() {
        var wrong = new ArrayList<>(List.of("limit=0", "limit=-1", "limit=1001", "cursor=nonsense", "cursor=AAAA"));
        for (var query : wrong) {
            given().get(REPORT + "?" + query)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:meridian:problem:invalid-request"));
        }
        given().get(REPORT + "?limit=1000").then().statusCode(200);
        given().accept("image/png").get(REPORT).then().statusCode(406);
        given().post(REPORT).then().statusCode(405);
    }
}
