package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DynamoTableTest {
    /// docs/data.md has a row for each table, with its keys and those of its indexes, and says how each index
    /// spreads.
    @Test
    void theDocumentKnowsEachTableAndIndex() throws Exception {
        var lines = Files.readAllLines(Path.of("docs/data.md"));
        for (var table : DynamoTable.values()) {
            var key = "`" + table.hashKey() + "`"
                    + table.rangeKey().map(range -> ", `" + range + "`").orElse("");
            var row = lines.stream()
                    .filter(line -> line.startsWith("| `" + table.baseName() + "` | " + key + " |"))
                    .findFirst();
            assertTrue(row.isPresent(), () -> "no row of " + table.baseName() + " with " + key);
            for (var index : table.indexes()) {
                var keys = "`%s` (`%s`, `%s`".formatted(index.name(), index.hashKey(), index.rangeKey());
                assertTrue(row.get().contains(keys), keys);
                assertTrue(
                        lines.stream()
                                .anyMatch(line ->
                                        line.matches("\\| (`[\\w-]+`, )*`" + index.name() + "`[,|`\\w -]*\\|.*")),
                        () -> "how does " + index.name() + " spread?");
            }
        }
    }
}
