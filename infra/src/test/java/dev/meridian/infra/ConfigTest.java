package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The configuration: what is refused, each with its sentence, and that what is taken can be synthesized.
class ConfigTest {
    private static final String TWO = """
            regions:
              - {region: eu-west-1, cidr: 10.10.0.0/16, zones: [a, b, c], weight: 100, tasks: {min: 3, max: 9}}
              - {region: %s, cidr: %s, zones: [%s], weight: 100, tasks: {min: %d, max: %d}}
            """;

    /// A change of `meridian.yaml`, and a part of the sentence that refuses it.
    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("nmae: x", "The key nmae is unknown"),
            Map.entry("identity: open", "The key identity is missing or has the wrong form"),
            Map.entry(
                    "identity: {kind: saml}", "The key identity.kind cannot be saml; it is one of open, oidc, cognito"),
            Map.entry("identity: {kind: oidc}", "needs identity.issuer and identity.client"),
            Map.entry("identity: {kind: oidc, issuer: \"https://a.example\"}", "needs identity.issuer and"),
            Map.entry(
                    "identity: {kind: oidc, issuer: \"http://a.example\", client: a}",
                    "must be an address that begins with https://"),
            Map.entry("identity: {kind: open, client: a}", "are for identity.kind oidc"),
            Map.entry("identity: {kind: cognito}", "kind cognito needs it"),
            Map.entry("identity: {kind: cognito, domain: my-aws-store}", "neither aws, amazon nor cognito"),
            Map.entry("options: {canary: 5}", "The key options.canary is unknown"),
            Map.entry("routing: nearest", "The key routing cannot be nearest; it is one of latency, failover"),
            Map.entry("sql:", "The key sql is missing"),
            Map.entry("edge: {rate: }", "The key edge.rate is missing"),
            Map.entry("options: {canaries: often}", "The key options.canaries"),
            Map.entry("name: a-name-that-is-far-too-long", "at most 20"),
            Map.entry("name: Meridian", "at most 20 small letters"),
            Map.entry("account: \"123\"", "twelve digits"),
            Map.entry("zone: {name: store}", "is no domain"),
            Map.entry("zone: {id: 0123}", "must begin with Z"),
            Map.entry("images: {collector: \"public.ecr.aws/x/y:latest\"}", "a tag that is not latest"),
            Map.entry(
                    "regions: [{region: eu-west-1, cidr: 10.1.0.0/16, zones: [a, b, c], weight: 1, tasks: {min: 3, max: 9}}]",
                    "at least two Regions"),
            Map.entry(TWO.formatted("eu-west-1", "10.20.0.0/16", "a, b, c", 3, 9), "is there twice"),
            Map.entry(TWO.formatted("ireland", "10.20.0.0/16", "a, b, c", 3, 9), "is no Region"),
            Map.entry(TWO.formatted("us-east-1", "10.10.128.0/17", "a, b, c", 3, 9), "overlap"),
            Map.entry(TWO.formatted("us-east-1", "10.20.0.0/33", "a, b, c", 3, 9), "is no CIDR"),
            Map.entry(TWO.formatted("us-east-1", "10.20.0.0/20", "a, b, c", 3, 9), "between /16"),
            Map.entry(TWO.formatted("us-east-1", "54.20.0.0/16", "a, b, c", 3, 9), "is not private"),
            Map.entry(TWO.formatted("us-east-1", "10.20.0.0/16", "a", 3, 9), "at least two availability zones"),
            Map.entry(TWO.formatted("us-east-1", "10.20.0.0/16", "a, z", 3, 9), "letters from a to f"),
            Map.entry(TWO.formatted("us-east-1", "10.20.0.0/16", "a, b, c", 2, 9), "fewer than it has zones"),
            Map.entry(TWO.formatted("us-east-1", "10.20.0.0/16", "a, b, c", 4, 3), "below its minimum"),
            Map.entry("load: {peak: 5000}", "must carry all 5000"),
            Map.entry("observer: us-east-1", "The observer us-east-1 is a Region of the store"),
            Map.entry("routing: global-accelerator\ncontrol: arc-routing-control", "Global Accelerator does not look"),
            Map.entry("control: arc-region-switch\nsql: {kind: aurora-single}", "moves the SQL writer"),
            Map.entry("planChecks: {eu-west-1: a, us-east-1: b}", "control must be arc-region-switch"),
            Map.entry("control: arc-region-switch\nplanChecks: {eu-west-1: a}", "must name each Region once"),
            Map.entry("journal: {consistency: MREC, witness: eu-west-2}", "An MREC table has no witness"),
            Map.entry("journal: {consistency: MRSC}", "three Regions, or two and a witness"),
            Map.entry("journal: {consistency: MRSC, witness: eu-west-2}", "within one set of Regions"),
            Map.entry("sql: {version: \"15.4\"}", "is not 16 or newer"),
            Map.entry("sql: {capacity: [0.7, 16]}", "in steps of 0.5"),
            Map.entry("sql: {capacity: [8, 4]}", "in steps of 0.5"),
            Map.entry("sql: {capacity: [0.5, 1]}", "connections to the SQL writer"),
            Map.entry("edge: {admins: [0.0.0.0/0]}", "0.0.0.0/0 in edge.admins is not private"),
            Map.entry(
                    "edge: {admins: [10.200.0.0/24, 198.51.100.0/24]}",
                    "198.51.100.0/24 in edge.admins is not private"),
            Map.entry("edge: {admins: [office]}", "is no CIDR"),
            Map.entry("edge: {rate: 1}", "edge.rate must be between"),
            Map.entry("options: {alarms: false}", "Drills need alarms"),
            Map.entry("options: {canaries: 0}", "Drills need canaries"),
            Map.entry("options: {canaries: 90}", "between 0 and 60"),
            Map.entry("options: {email: nobody}", "is no address"),
            Map.entry("options: {budget: 0}", "must be positive"),
            Map.entry("release: {repository: meridian}", "must be owner/name"),
            Map.entry("release: {connection: mine}", "must be the id of a connection"),
            Map.entry("release: {bake: 1}", "between 5 minutes and a day"));

    @TestFactory
    Stream<DynamicTest> whatCannotBeIsRefusedWithASentence() {
        return REFUSALS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(refusal -> DynamicTest.dynamicTest(refusal.getKey().strip().replaceAll("\\s+", " "), () -> {
                    var yaml = Configurations.with(refusal.getKey());
                    var sentences = assertThrows(ConfigException.class, () -> Config.parse(yaml))
                            .sentences();
                    assertTrue(
                            sentences.stream().anyMatch(sentence -> sentence.contains(refusal.getValue())),
                            () -> String.join("\n", sentences));
                    for (var sentence : sentences) assertTrue(sentence.matches("(?s)[A-Z0-9a-z].*\\."), sentence);
                }));
    }

    @Test
    void failoverHasTwoRegions() {
        var three = Configurations.five().get("three").replace("weighted", "failover");
        var sentences =
                assertThrows(ConfigException.class, () -> Config.parse(three)).sentences();
        assertTrue(
                sentences.toString().contains("exactly two Regions: a primary and a secondary"), sentences.toString());
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        var yaml = Configurations.with("edge: {rate: 1}\noptions: {budget: 0, canaries: 61}");
        assertEquals(
                3,
                assertThrows(ConfigException.class, () -> Config.parse(yaml))
                        .sentences()
                        .size());
    }

    @Test
    void textThatIsNoYamlIsRefused() {
        for (var yaml : List.of("", "[", "name: {", "- a", "name: a\nname: b")) {
            assertThrows(ConfigException.class, () -> Config.parse(yaml), yaml);
        }
    }

    /// What the rules take, CDK and cdk-nag take too, and no check of ours finds anything. `-Dconfigs=20` looks longer.
    @Test
    void configurationsThatAreTakenCanBeSynthesized(@TempDir Path folder) {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        int wanted = Integer.getInteger("configs", 1);
        int refused = 0;
        for (int done = 0; done < wanted; ) {
            var yaml = Configurations.with(change(random));
            Config config;
            try {
                config = Config.parse(yaml);
            } catch (ConfigException e) {
                refused++;
                continue;
            }
            var findings = Checks.find(Syntheses.synthesize("random", config, folder.resolve("cdk.out")));
            assertEquals(List.of(), findings, () -> "seed " + seed + "\n" + yaml);
            done++;
        }
        System.out.printf("seed %d: %d configurations synthesized, %d refused%n", seed, wanted, refused);
    }

    private static String change(Random random) {
        var names = new ArrayList<>(List.of("eu-west-1", "eu-west-3", "eu-central-1", "us-east-1", "ap-southeast-2"));
        Collections.shuffle(names, random);
        var yaml = new StringBuilder("regions:\n");
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            yaml.append("  - {region: %s, cidr: 10.%d.0.0/%d, zones: [%s], weight: %d, tasks: {min: 3, max: %d}}%n"
                    .formatted(
                            names.get(i),
                            10 + i,
                            16 + random.nextInt(3),
                            one(random, "a, b", "a, b, c", "b, c, d"),
                            random.nextInt(3) * 100,
                            3 + random.nextInt(6)));
        }
        yaml.append("observer: %s%n".formatted(random.nextBoolean() ? names.get(count) : ""));
        yaml.append("routing: %s%n".formatted(one(random, "latency", "failover", "weighted", "global-accelerator")));
        yaml.append("control: %s%n".formatted(one(random, "health-check", "arc-routing-control", "arc-region-switch")));
        yaml.append("journal: %s%n"
                .formatted(one(random, "{consistency: MREC}", "{consistency: MRSC, witness: eu-west-2}")));
        yaml.append("sql: {kind: %s, login: %s, storage: %s}%n"
                .formatted(
                        one(random, "aurora-global", "aurora-single"),
                        one(random, "iam", "password"),
                        one(random, "standard", "iopt1")));
        yaml.append("egress: {nat: %s, endpoints: [%s]}%n"
                .formatted(one(random, "one", "per-zone"), one(random, "", "ecr, sts")));
        yaml.append("architecture: %s%n".formatted(one(random, "x86", "arm")));
        boolean watched = random.nextBoolean();
        yaml.append(
                "options: {alarms: %s, canaries: %d, drills: %s, pipeline: %s, backup: %s, dynamoFallback: %s, resilienceHub: %s}%n"
                        .formatted(
                                watched,
                                watched ? 5 : 0,
                                watched && random.nextBoolean(),
                                watched && random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextBoolean()));
        return yaml.toString();
    }

    private static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }
}
