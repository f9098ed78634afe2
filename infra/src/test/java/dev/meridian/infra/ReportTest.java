package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.s3.CfnBucket;

/// A finding of cdk-nag or of CDK's own rules refuses a synthesis, a warning too, unless it is silenced in that stack.
class ReportTest {
    @TempDir
    Path folder;

    @Test
    void aFindingOfNagRefuses() {
        assertTrue(refused(Map.of()).contains("AwsSolutions-S1"), "the bucket has no logs");
    }

    @Test
    void aFindingOfCdksRulesRefuses() {
        assertTrue(refused(Map.of("NoSuchProperty", 1)).contains("NoSuchProperty"), "the property does not exist");
    }

    @Test
    void aWarningRefusesWhereItIsNotSilenced() throws Exception {
        report("W3010", "warning", "network-eu-west-1", "Properties.AvailabilityZone");
        assertDoesNotThrow(() -> Report.refuse(folder));
        report("W3010", "warning", "service-eu-west-1", "Properties.AvailabilityZone");
        assertEquals(
                List.of("W3010: a sentence (service-eu-west-1/Thing)"),
                assertThrows(RefusedException.class, () -> Report.refuse(folder))
                        .findings());
        report("W3010", "warning", "network-eu-west-1", "Properties.Other");
        assertThrows(RefusedException.class, () -> Report.refuse(folder));
    }

    @Test
    void rulesThatCouldNotRunRefuse() throws Exception {
        write("""
                {"pluginReports": [{"pluginName": "Rules", "conclusion": "failure", "metadata": {"error": "broken"},
                                    "violations": []}]}""");
        assertEquals(
                List.of("Rules: broken"),
                assertThrows(RefusedException.class, () -> Report.refuse(folder))
                        .findings());
    }

    private void report(String rule, String severity, String stack, String property) throws Exception {
        write("""
                {"pluginReports": [{"pluginName": "Rules", "conclusion": "success", "violations": [
                  {"ruleName": "%s", "severity": "%s", "description": "a sentence", "violatingConstructs": [
                    {"constructPath": "%s/Thing", "cloudFormationResource": {"propertyPaths": ["%s"]}}]}]}]}""".formatted(rule, severity, stack, property));
    }

    private void write(String json) throws Exception {
        Files.writeString(folder.resolve("validation-report.json"), json);
    }

    /// What is found in an app with one bucket.
    private String refused(Map<String, Object> properties) {
        var app = new App(AppProps.builder()
                .outdir(folder.toString())
                .postCliContext(Flags.context())
                .build());
        var bucket = new CfnBucket(new Stack(app, "stack"), "Bucket");
        properties.forEach(bucket::addPropertyOverride);
        Aspects.of(app).add(new AwsSolutionsChecks());
        app.synth();
        return assertThrows(RefusedException.class, () -> Report.refuse(folder)).getMessage();
    }
}
