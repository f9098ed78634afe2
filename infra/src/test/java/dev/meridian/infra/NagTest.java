package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Findings of cdk-nag and of CDK's own rules that are silenced; all others make the synthesis itself fail
/// ([ReportTest]).
class NagTest {
    /// A line of a report: rule, resource, what came of it, reason.
    private static final Pattern SUPPRESSED =
            Pattern.compile("^\"([^\"]*)\",\"[^\"]*\",\"Suppressed\",\"((?:[^\"]|\"\")*)\"", Pattern.MULTILINE);

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

    /// An entry that silences nothing in one of its parts would hide the next mistake there.
    @Test
    void everySilencedFindingIsFound() throws Exception {
        var useless = new TreeSet<String>();
        for (var silenced : Silenced.ALL) {
            for (var part : silenced.parts()) useless.add(key(part.id(), silenced.rule(), silenced.reason()));
        }
        for (var synthesis : Syntheses.five()) {
            for (var stack : synthesis.stacks()) {
                silencedByNag(synthesis, stack).forEach(useless::remove);
            }
            for (var violation : Report.read(synthesis.directory())) {
                Silenced.ALL.stream()
                        .filter(silenced -> silenced.silences(violation))
                        .forEach(silenced ->
                                useless.remove(key(part(violation.stack()), silenced.rule(), silenced.reason())));
            }
        }
        assertEquals(new TreeSet<String>(), useless, "silences nothing");
    }

    /// What cdk-nag's report says of a stack.
    private static List<String> silencedByNag(Synthesis synthesis, StackTemplate stack) throws IOException {
        var report = Files.readString(synthesis.directory().resolve("AwsSolutions-" + stack.name() + "-NagReport.csv"));
        return SUPPRESSED
                .matcher(report)
                .results()
                // The finding stands before the reason, in brackets.
                .map(line -> key(part(stack.id()), line.group(1), line.group(2).replaceFirst("^\\[.*] ", "")))
                .toList();
    }

    private static String part(String stack) {
        return stack.replaceAll("-.*", "");
    }

    private static String key(String part, String rule, String reason) {
        return part + " " + rule + ": " + reason;
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.list(SOURCES)) {
            return files.sorted().toList();
        }
    }
}
