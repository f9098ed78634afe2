package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the rules of CDK and cdk-nag found in a synthesis. CDK leaves it beside the templates, and nothing
/// when there is nothing.
final class Report {
    /// @param rule that is violated
    /// @param stack the id of the stack, or an empty string
    /// @param construct the path of the construct
    /// @param property its path within the properties, or an empty string
    /// @param text a sentence
    record Violation(String rule, String stack, String construct, String property, String text) {
        @Override
        public String toString() {
            return rule + ": " + text.strip() + (construct.isEmpty() ? "" : " (" + construct + ")");
        }
    }

    private Report() {}

    /// @throws RefusedException with all violations that [Silenced] does not list, warnings too
    static void refuse(Path directory) {
        var open = read(directory).stream()
                .filter(violation -> Silenced.ALL.stream().noneMatch(each -> each.silences(violation)))
                .map(Violation::toString)
                .distinct()
                .toList();
        if (!open.isEmpty()) throw new RefusedException(open);
    }

    /// All violations, the silenced ones of CDK's rules too.
    static List<Violation> read(Path directory) {
        var file = directory.resolve("validation-report.json");
        var found = new ArrayList<Violation>();
        if (!Files.exists(file)) return found;
        try {
            for (var plugin : new ObjectMapper().readTree(file.toFile()).path("pluginReports")) plugin(plugin, found);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void plugin(JsonNode plugin, List<Violation> found) {
        var violations = plugin.path("violations");
        if (violations.isEmpty() && plugin.path("conclusion").asText().equals("failure")) {
            var error = plugin.at("/metadata/error").asText("failed");
            found.add(new Violation(plugin.path("pluginName").asText(), "", "", "", error));
        }
        for (var violation : violations) {
            for (var construct : violation.path("violatingConstructs")) {
                var path = construct.path("constructPath").asText();
                found.add(new Violation(
                        violation.path("ruleName").asText(),
                        path.replaceAll("/.*", ""),
                        path,
                        construct
                                .at("/cloudFormationResource/propertyPaths/0")
                                .asText()
                                .replaceFirst("^Properties\\.", ""),
                        violation.path("description").asText()));
            }
        }
    }
}
