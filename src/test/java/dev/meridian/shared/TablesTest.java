package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/// What dev and test create, as the store tells it.
@QuarkusTest
@ComponentTest
class TablesTest {
    @Test
    void itemsExpireByTheDeclaredAttribute() {
        try (var client = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(System.getProperty("stores.quarkus.dynamodb.endpoint-override")))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build()) {
            for (var table : Table.values()) {
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
