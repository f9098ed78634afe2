package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// No check finds anything in what the app makes.
class CheckTest {
    @TestFactory
    Stream<DynamicTest> noCheckFindsAnything() {
        return Syntheses.five().stream()
                .flatMap(synthesis -> Checks.ALL.entrySet().stream()
                        .map(check -> DynamicTest.dynamicTest(synthesis.name() + ": " + check.getKey(), () -> {
                            var findings = new java.util.ArrayList<String>();
                            check.getValue().look(synthesis, finding -> findings.add(finding.toString()));
                            assertEquals(List.of(), findings, () -> String.join("\n", findings));
                        })));
    }
}
