package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Why CDK refused a synthesis: its report has each finding, its exception none.
final class Report {
    private Report() {}

    static List<String> findings(Path directory, RuntimeException refusal) {
        var file = directory.resolve("validation-report.json");
        try {
            var found = new ArrayList<String>();
            if (Files.exists(file)) collect(new ObjectMapper().readTree(file.toFile()), found);
            return found.isEmpty()
                    ? List.of(firstLine(refusal))
                    : found.stream().distinct().toList();
        } catch (IOException e) {
            return List.of(firstLine(refusal));
        }
    }

    private static String firstLine(RuntimeException refusal) {
        return String.valueOf(refusal.getMessage()).lines().findFirst().orElse("refused");
    }

    /// Violations that are errors, at whatever depth a version of the report has them.
    private static void collect(JsonNode node, List<String> found) {
        if (node.has("description") && node.path("severity").asText().equalsIgnoreCase("error")) {
            found.add(node.path("ruleName").asText() + ": "
                    + node.path("description").asText() + where(node));
        }
        node.forEach(child -> collect(child, found));
    }

    private static String where(JsonNode violation) {
        var paths = violation.findValuesAsText("constructPath");
        return paths.isEmpty() ? "" : " (" + String.join(", ", paths) + ")";
    }
}
