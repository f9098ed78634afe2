package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// cdk-nag and CDK's own rules: a finding that is not silenced makes the synthesis itself fail.
class NagTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/meridian/infra");

    /// A construct's acknowledgement silences the rule in every stack of the app, CDK's own findings included.
    @Test
    void nothingIsAcknowledgedAtAConstruct() throws Exception {
        var found = new TreeSet<String>();
        for (var file : sources()) {
            var text = Files.readString(file);
            for (var call :
                    new String[] {"Validations.of", ".acknowledge(", "acknowledgeWarning", "addResourceSuppressions("
                    }) {
                if (text.contains(call)) found.add(file.getFileName() + ": " + call);
            }
        }
        assertEquals(new TreeSet<String>(), found);
    }

    @Test
    void everySilencedFindingHasAReason() {
        int silenced = 0;
        for (var synthesis : Syntheses.five()) {
            for (var stack : synthesis.stacks()) {
                for (var rule : stack.template().at("/Metadata/cdk_nag/rules_to_suppress")) {
                    silenced++;
                    assertTrue(
                            rule.path("id").asText().matches("AwsSolutions-\\w+|CdkNagValidationFailure"),
                            rule.toString());
                    assertTrue(rule.path("reason").asText().length() >= 20, stack.id() + ": " + rule);
                }
            }
        }
        System.out.printf("%d findings of cdk-nag are silenced, by stack and reason%n", silenced);
    }

    /// A finding of CDK's rules fails the synthesis, a warning too: the report that a synthesis leaves is empty.
    @Test
    void theReportOfCdksRulesHasNothingOpen() throws Exception {
        for (var synthesis : Syntheses.five()) {
            var report = synthesis.directory().resolve("validation-report.json");
            if (!Files.exists(report)) continue;
            var json = Synthesis.JSON.readTree(report.toFile());
            for (var plugin : json.path("pluginReports")) {
                for (var violation : plugin.path("violations")) {
                    var rule = violation.path("ruleName").asText() + " "
                            + violation.path("severity").asText();
                    assertTrue(
                            rule.startsWith("W3010") || rule.startsWith("W9007"),
                            () -> synthesis.name() + ": " + violation);
                }
            }
        }
    }

    private static java.util.List<Path> sources() throws IOException {
        try (var files = Files.list(SOURCES)) {
            return files.sorted().toList();
        }
    }
}
