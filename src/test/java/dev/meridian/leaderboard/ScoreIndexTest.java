package dev.meridian.leaderboard;

import dev.meridian.dynamo.ReadItem;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ScoreIndexTest {
    @Test
    void topListsShowWhatTheirIndexProjects() {
        var item = ReadItem.of(
                "player", "ada",
                "id", "s-1",
                "country", "NO",
                "playedAt", "2026-01-01T00:00:00Z",
                "region", "eu-west-1");
        item.put("score", AttributeValue.fromN("7"));
        ReadItem.assertProjectionIsRead("Country-Score-Index", item, ScoreRepository::fromItem);
    }
}
