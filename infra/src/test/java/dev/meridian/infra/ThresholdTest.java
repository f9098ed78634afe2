package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of thresholds is what the page says and what the templates have.
class ThresholdTest {
    private static final Path PAGE = Path.of("../docs/cloud/alarms.md");

    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @Test
    void thePageHasEveryThreshold() throws Exception {
        var rows = Files.readAllLines(PAGE).stream()
                .map(line -> line.split(" \\| "))
                .filter(cells -> cells.length == 6 && cells[0].startsWith("| `"))
                .map(cells -> String.join(" | ", List.of(cells).subList(0, 5)))
                .toList();
        assertEquals(
                String.join(
                        "\n",
                        Arrays.stream(Threshold.values())
                                .map(ThresholdTest::row)
                                .toList()),
                String.join("\n", rows));
    }

    private static String row(Threshold threshold) {
        // The number of healthy tasks is the configured one.
        var limit = threshold == Threshold.HEALTHY_TASKS ? "`tasks.min`" : "%.0f".formatted(threshold.limit());
        return "| `%s` | %s | %s %s | %d of %d | %s"
                .formatted(
                        threshold.id(),
                        threshold.severity().name().toLowerCase(Locale.ROOT),
                        threshold.isAbove() ? ">" : "<",
                        limit,
                        threshold.breaching(),
                        threshold.periods(),
                        threshold.isMissingBad() ? "bad" : "good");
    }

    /// What was decided when the references differed; a change here is one of the promises.
    @ParameterizedTest
    @CsvSource({"journal-age, 300, 3", "lag-carts-to-us-east-1, 5000, 3", "sql-lag, 5000, 3", "canary-us-east-1, 90, 2"
    })
    void anAlarmHasItsThreshold(String kind, double limit, int breaching) {
        var alarm = alarm(Syntheses.of("default"), "meridian-" + kind + "-eu-west-1");
        assertEquals(limit, alarm.at("Threshold").asDouble());
        assertEquals(breaching, alarm.at("DatapointsToAlarm").asInt());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void healthChecksAskEveryTenSecondsAndFailTwice(String name) {
        var seen = new ArrayList<String>();
        Syntheses.of(name)
                .resources(RecordChecks.CHECK)
                .filter(check -> check.text("HealthCheckConfig.Type").equals("HTTPS"))
                .forEach(check -> seen.add(check.text("HealthCheckConfig.RequestInterval") + " s x "
                        + check.text("HealthCheckConfig.FailureThreshold")));
        assertEquals(
                Syntheses.of(name).regions().stream().map(region -> "10 s x 2").toList(), seen);
    }

    /// Silence of what tells that a Region lives is as bad as its failure.
    @ParameterizedTest
    @CsvSource({
        "meridian-health-eu-west-1",
        "meridian-heartbeat-eu-west-1",
        "meridian-canary-us-east-1-eu-west-1",
        "meridian-check-eu-west-1-us-east-1"
    })
    void missingDataOfLifeRings(String name) {
        assertEquals("breaching", alarm(Syntheses.of("default"), name).text("TreatMissingData"));
    }

    private static Resource alarm(Synthesis synthesis, String name) {
        return synthesis
                .resources(AlarmChecks.ALARM)
                .filter(alarm -> alarm.text("AlarmName").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no alarm " + name));
    }
}
