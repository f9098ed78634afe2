package dev.meridian.region;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.meridian.ComponentTest;
import dev.meridian.testing.StoresResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The only candidate of this process is named, so it stays the writer; `WriterEpochIT` has two.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class WriterEpochResourceTest {
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    private static ValidatableResponse raise(String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .put("/admin/writer-epoch")
                .then();
    }

    private static String body(int epoch, String writer) {
        return "{\"epoch\":" + epoch + ",\"writer\":\"" + writer + "\"}";
    }

    private static URI candidate() {
        return URI.create(given().get("/topology").then().extract().<String>path("sqlWriter"));
    }

    @Test
    void aHigherEpochStands() {
        var host = candidate().getHost();
        var name = host + ":" + candidate().getPort();
        int lower = EPOCHS.incrementAndGet();
        int epoch = EPOCHS.incrementAndGet();
        for (var writer : new String[] {host, name, host.toUpperCase(java.util.Locale.ROOT)}) {
            raise(body(epoch, writer))
                    .statusCode(200)
                    .body("epoch", equalTo(epoch))
                    .body("writer", equalTo(name))
                    .body("changedAt", matchesPattern("20.*Z"));
        }
        raise(body(lower, name))
                .statusCode(409)
                .contentType("application/problem+json")
                .body(
                        "detail",
                        equalTo("Epoch " + epoch + " names " + name + "; another writer needs a higher epoch."));
        given().get("/admin/writer-epoch")
                .then()
                .statusCode(200)
                .body("epoch", equalTo(epoch))
                .body("writer", equalTo(name));
        for (var path : new String[] {"/admin/regions", "/topology", "/health", "/status"}) {
            given().get(path).then().body(not(containsString("#writer")));
        }
    }

    /// Last writer wins: the item of a Region that had not heard of it takes the place of a higher epoch.
    @Test
    void aLowerEpochThatArrivesLaterDoesNotStay() {
        var name = candidate().getHost() + ":" + candidate().getPort();
        int lower = EPOCHS.incrementAndGet();
        int epoch = EPOCHS.incrementAndGet();
        raise(body(epoch, name)).statusCode(200);
        var set = given().get("/admin/writer-epoch").then().extract().<String>path("changedAt");
        try (var dynamo = StoresResource.dynamo()) {
            dynamo.putItem(r -> r.tableName("meridian-regions")
                            .item(Map.of(
                                    "region", AttributeValue.fromS("#writer"),
                                    "epoch", AttributeValue.fromN(Integer.toString(lower)),
                                    "writer", AttributeValue.fromS("db.example.com:5432"),
                                    "changedAt",
                                            AttributeValue.fromS(Instant.now().toString()))))
                    .join();
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/admin/writer-epoch")
                        .then()
                        .statusCode(200)
                        .body("epoch", equalTo(epoch))
                        .body("writer", equalTo(name))
                        .body("changedAt", equalTo(set)));
    }

    @Test
    void whatIsNoEpochOrNoCandidateIsRefused() {
        var name = candidate().getHost() + ":" + candidate().getPort();
        for (var body : new String[] {
            "",
            "null",
            "{}",
            body(0, name),
            body(-1, name),
            "{\"epoch\":1000000001,\"writer\":\"" + name + "\"}",
            "{\"epoch\":1.5,\"writer\":\"" + name + "\"}",
            "{\"writer\":\"" + name + "\"}",
            "{\"epoch\":3}",
            body(3, ""),
            body(3, "x".repeat(301)),
            body(3, name + "0"),
            body(3, "postgresql://" + name)
        }) {
            raise(body).statusCode(400).contentType("application/problem+json");
        }
        raise(body(3, "db.example.com"))
                .statusCode(400)
                .body("errors[0].field", equalTo("writer"))
                .body("errors[0].message", equalTo("must be one of " + name));
        given().put("/admin/regions/%23writer").then().statusCode(not(equalTo(200)));
        given().delete("/admin/writer-epoch").then().statusCode(405);
    }
}
