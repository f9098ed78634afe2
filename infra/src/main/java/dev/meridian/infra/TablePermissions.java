package dev.meridian.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.dynamo.DynamoTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;

/// What the service may do at each table: exactly what its code calls. `infra/iam/dynamodb.json`, which a
/// test of the service makes from that code, is the only list.
final class TablePermissions {
    private static final String QUERY = "dynamodb:Query";

    private static final Map<DynamoTable, List<String>> ACTIONS = read();

    private TablePermissions() {}

    static List<String> actions(DynamoTable table) {
        return ACTIONS.get(table);
    }

    /// For the tables of one Region. Indexes are only queried, so that is all that is allowed on them.
    static List<PolicyStatement> in(Names names, String region) {
        var statements = new ArrayList<PolicyStatement>();
        for (var table : DynamoTable.values()) {
            var arn = names.tableArn(table, region);
            statements.add(PlatformStack.allow(actions(table), List.of(arn)));
            if (table.indexes().isEmpty() || !actions(table).contains(QUERY)) continue;
            statements.add(PlatformStack.allow(
                    List.of(QUERY),
                    table.indexes().stream()
                            .map(index -> arn + "/index/" + index.name())
                            .toList()));
        }
        return statements;
    }

    private static Map<DynamoTable, List<String>> read() {
        try (var file = TablePermissions.class.getResourceAsStream("/iam/dynamodb.json")) {
            var actions = new EnumMap<DynamoTable, List<String>>(DynamoTable.class);
            for (var statement : new ObjectMapper().readTree(file).get("Statement")) {
                var names = new ArrayList<String>();
                statement.get("Action").forEach(action -> names.add(action.asText()));
                actions.put(table(statement.get("Sid").asText()), List.copyOf(names));
            }
            if (actions.size() != DynamoTable.values().length) {
                throw new IllegalStateException("infra/iam/dynamodb.json lacks a table");
            }
            return actions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DynamoTable table(String sid) {
        for (var table : DynamoTable.values()) {
            if (table.name().replace("_", "").equalsIgnoreCase(sid)) return table;
        }
        throw new IllegalStateException("infra/iam/dynamodb.json has " + sid + ", which is no table");
    }
}
