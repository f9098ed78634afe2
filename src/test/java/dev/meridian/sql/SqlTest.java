package dev.meridian.sql;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// SQL within a request: context and trace.
@QuarkusTest
@ComponentTest
class SqlTest {
    @Test
    void statementsStayOnTheRequestsContextAndInItsTrace() {
        for (int i = 0; i < 3; i++) {
            var answer =
                    given().get("/test/sql").then().statusCode(200).extract().jsonPath();
            assertEquals(7, answer.getInt("n"));
            assertTrue(answer.getBoolean("sameContext"), "resumed on the request's own context");
            assertTrue(answer.getBoolean("sameTrace"), "the request's span is current again");
            var parent = answer.getString("trace") + "/" + answer.getString("span");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> SqlProbeResource.ClientSpans.ENDED.stream()
                                    .filter(span -> span.startsWith(parent))
                                    .count()
                            == 2);
        }
    }
}
