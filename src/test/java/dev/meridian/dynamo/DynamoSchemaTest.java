package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.StoresResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/// The tables that dev and test create, as DynamoDB describes them.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class DynamoSchemaTest {
    @Test
    void itemsExpireByTheDeclaredAttribute() {
        try (var client = StoresResource.dynamo()) {
            for (var table : DynamoTable.values()) {
                var told = client.describeTimeToLive(r -> r.tableName("meridian-" + table.baseName()))
                        .join()
                        .timeToLiveDescription();
                assertEquals(
                        table.timeToLive(),
                        Optional.ofNullable(told).map(TimeToLiveDescription::attributeName),
                        table.baseName());
            }
        }
    }
}
