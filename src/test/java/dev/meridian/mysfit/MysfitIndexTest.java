package dev.meridian.mysfit;

import dev.meridian.dynamo.ReadItem;
import org.junit.jupiter.api.Test;

class MysfitIndexTest {
    @Test
    void filteredListsShowWhatTheirIndexesProject() {
        for (var filter : MysfitFilter.values()) {
            ReadItem.assertProjectionIsRead(
                    filter.attribute() + "Index", ReadItem.of("MysfitId", "a"), MysfitRepository::fromItem);
        }
    }
}
