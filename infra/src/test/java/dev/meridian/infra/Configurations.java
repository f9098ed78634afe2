package dev.meridian.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// `meridian.yaml` and variants of it. Five together have every value of every key that changes templates.
final class Configurations {
    static final Path FILE = Path.of("meridian.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    private Configurations() {}

    /// The five that the tests synthesize, by name.
    static Map<String, String> five() {
        var all = new LinkedHashMap<String, String>();
        all.put("default", text());
        all.put("three", with("""
                regions:
                  - {region: eu-west-1, cidr: 10.10.0.0/16, zones: [a, b, c], weight: 100, tasks: {min: 3, max: 9}}
                  - {region: eu-central-1, cidr: 10.20.0.0/16, zones: [a, b, c], weight: 50, tasks: {min: 3, max: 9}}
                  - {region: eu-west-3, cidr: 10.30.0.0/16, zones: [a, b, c], weight: 0, tasks: {min: 3, max: 9}}
                observer: us-east-1
                routing: weighted
                control: arc-routing-control
                journal: {consistency: MRSC}
                sql: {storage: iopt1}
                architecture: arm
                egress: {nat: per-zone, endpoints: [ecr, logs, secretsmanager, sts, xray]}
                edge: {admins: [10.200.0.0/24]}
                identity: {kind: oidc, issuer: "https://sign-in.example.com/store", client: store}
                """));
        all.put("failover", with("""
                regions:
                  - {region: eu-west-1, cidr: 10.10.0.0/16, zones: [a, b, c], weight: 100, tasks: {min: 3, max: 14}}
                  - {region: eu-central-1, cidr: 10.20.0.0/16, zones: [a, b], weight: 100, tasks: {min: 3, max: 14}}
                observer: eu-west-3
                routing: failover
                control: arc-region-switch
                planChecks:
                  eu-west-1: 11111111-1111-1111-1111-111111111111
                  eu-central-1: 22222222-2222-2222-2222-222222222222
                journal: {consistency: MRSC, witness: eu-west-2}
                sql: {login: password}
                identity: {kind: cognito, domain: store-example}
                options: {canaries: 1}
                """));
        all.put("accelerator", with("""
                routing: global-accelerator
                sql: {kind: aurora-single}
                options: {dynamoFallback: true, resilienceHub: true}
                """));
        all.put("bare", with("""
                observer:
                options: {alarms: false, canaries: 0, drills: false, pipeline: false, backup: false}
                """));
        return all;
    }

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `meridian.yaml` with some keys changed; a key without a value is taken out.
    static String with(String changes) {
        try {
            var all = (ObjectNode) YAML.readTree(text());
            merge(all, YAML.readTree(changes));
            return YAML.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void merge(ObjectNode into, JsonNode changes) {
        for (var change : changes.properties()) {
            if (change.getValue().isNull()) {
                into.remove(change.getKey());
            } else if (change.getValue().isObject()
                    && into.path(change.getKey()).isObject()) {
                merge((ObjectNode) into.path(change.getKey()), change.getValue());
            } else {
                into.set(change.getKey(), change.getValue());
            }
        }
    }
}
