package dev.meridian.infra;

import static dev.meridian.infra.PlatformStack.map;

import dev.meridian.dynamo.DynamoTable;
import java.util.List;
import java.util.Map;

/// Documents of SSM Automation that act on the data of one Region: they write into `regions` what an
/// administrator's call writes, also when the service answers no calls. Each is one conditional
/// `UpdateItem` in a Region that lives.
final class Documents {
    /// As the service writes a time: `2026-11-21T07:01:33.123Z`.
    private static final String CLOCK = """
            from datetime import datetime, timezone

            def now(events, context):
                return {'now': datetime.now(timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')}
            """;

    private final PlatformStack stack;
    private final String role;

    /// @param role the ARN of the role that acts
    Documents(PlatformStack stack, String role) {
        this.stack = stack;
        this.role = role;
    }

    /// Makes a document of that name.
    void make(String name, String description, Map<String, Object> parameters, List<Map<String, Object>> steps) {
        stack.resource(
                "Document-" + name,
                "AWS::SSM::Document",
                map(
                        "Name",
                        stack.names.document(name),
                        "DocumentType",
                        "Automation",
                        "DocumentFormat",
                        "JSON",
                        "UpdateMethod",
                        "NewVersion",
                        "Content",
                        map(
                                "schemaVersion", "0.3",
                                "description", description,
                                "assumeRole", role,
                                "parameters", parameters,
                                "mainSteps", steps),
                        "Tags",
                        stack.serviceTags()));
    }

    void drain() {
        switchRegion("drain", "DRAINED", "Takes a Region out of traffic: its /health answers 503.");
        switchRegion("undrain", "ACTIVE", "Takes a Region back into traffic.");
    }

    private void switchRegion(String name, String state, String description) {
        var region = map(
                "type", "String",
                "description", "The Region",
                "allowedValues", stack.config.regionNames());
        make(
                name,
                description,
                map("Region", region),
                List.of(
                        clock(),
                        update(
                                map("region", text("{{ Region }}")),
                                map(
                                        "UpdateExpression", "SET #state = :state, changedAt = :now",
                                        "ExpressionAttributeNames", map("#state", "state"),
                                        "ExpressionAttributeValues",
                                                map(":state", text(state), ":now", text("{{ Clock.Now }}"))))));
    }

    /// As the service does it: a lower number, or the same one again, changes nothing.
    void raiseEpoch() {
        make(
                "raise-writer-epoch",
                "Names the SQL writer: from then on no task writes to another one. Before the failover.",
                map(
                        "Epoch",
                                map(
                                        "type", "String",
                                        "description", "A number above the present one",
                                        "allowedPattern", "^[1-9][0-9]{0,17}$"),
                        "Writer",
                                map(
                                        "type", "String",
                                        "description", "The endpoint of its cluster, without a port",
                                        "allowedPattern", "^[a-z0-9.-]{1,250}$")),
                List.of(
                        clock(),
                        update(
                                map("region", text("#writer")),
                                map(
                                        "UpdateExpression",
                                        "SET epoch = :epoch, writer = :writer, changedAt = :now",
                                        "ConditionExpression",
                                        "attribute_not_exists(epoch) OR epoch < :epoch",
                                        "ExpressionAttributeValues",
                                        map(
                                                ":epoch", map("N", "{{ Epoch }}"),
                                                ":writer", text("{{ Writer }}:5432"),
                                                ":now", text("{{ Clock.Now }}"))))));
    }

    /// After a rotation: tasks read their password when they start.
    void redeploy() {
        make(
                "redeploy",
                "Replaces all tasks, which read their secrets anew.",
                map(),
                List.of(call(
                        "Redeploy",
                        "ecs",
                        "UpdateService",
                        map(
                                "cluster", stack.names.service(),
                                "service", stack.names.service(),
                                "forceNewDeployment", true))));
    }

    private Map<String, Object> update(Map<String, Object> key, Map<String, Object> expressions) {
        var inputs = map("TableName", stack.names.table(DynamoTable.REGIONS), "Key", key);
        inputs.putAll(expressions);
        return call("Write", "dynamodb", "UpdateItem", inputs);
    }

    private static Map<String, Object> text(String value) {
        return map("S", value);
    }

    private static Map<String, Object> clock() {
        return map(
                "name",
                "Clock",
                "action",
                "aws:executeScript",
                "inputs",
                map("Runtime", "python3.11", "Handler", "now", "Script", CLOCK),
                "outputs",
                List.of(map("Name", "Now", "Selector", "$.Payload.now", "Type", "String")));
    }

    /// A step that calls an API.
    static Map<String, Object> call(String name, String service, String api, Map<String, Object> request) {
        var inputs = map("Service", service, "Api", api);
        inputs.putAll(request);
        return map("name", name, "action", "aws:executeAwsApi", "inputs", inputs);
    }

    /// A step that asks an API until a value is there.
    static Map<String, Object> await(
            String name,
            int seconds,
            String service,
            String api,
            Map<String, Object> request,
            String selector,
            String value) {
        var inputs = map("Service", service, "Api", api);
        inputs.putAll(request);
        inputs.put("PropertySelector", selector);
        inputs.put("DesiredValues", List.of(value));
        return map(
                "name", name,
                "action", "aws:waitForAwsResourceProperty",
                "timeoutSeconds", seconds,
                "inputs", inputs);
    }
}
