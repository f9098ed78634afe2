package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EntityTagsTest {
    @Test
    void aListOfTagsIsRead() {
        assertEquals(Optional.of(List.of("a")), EntityTags.tags("\"a\""));
        assertEquals(Optional.of(List.of("a", "W/b", "")), EntityTags.tags(" \"a\" ,W/\"b\",\t\"\""));
        assertEquals(Optional.of(List.of("a,b", "\u00e9")), EntityTags.tags("\"a,b\",,\"\u00e9\", "));
        assertEquals(Optional.of(List.of("*")), EntityTags.tags(" * "));
    }

    @Test
    void whatIsNoListIsNone() {
        for (var text : List.of(
                "",
                " ",
                ",",
                "a",
                "\"a",
                "a\"",
                "\"a\" \"b\"",
                "\"a\"b",
                "w/\"a\"",
                "\"a\",b",
                "*,\"a\"",
                "\"\u0001\"")) {
            assertEquals(Optional.empty(), EntityTags.tags(text), text);
        }
    }

    @Test
    void aLongListIsReadQuickly() {
        var commas = " ,".repeat(10_000);
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            assertEquals(Optional.of(List.of("a")), EntityTags.tags(commas + "\"a\"" + commas));
            assertEquals(Optional.empty(), EntityTags.tags(commas + "x" + commas));
        });
    }
}
