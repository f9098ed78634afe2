package dev.meridian.infra;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Global tables: their keys, a replica in each Region, and nothing that loses data.
final class TableChecks {
    static final String TABLE = "AWS::DynamoDB::GlobalTable";

    private TableChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(TABLE).forEach(table -> {
            keys(table, found);
            replicas(synthesis, table, found);
            if (!table.text("BillingMode").equals("PAY_PER_REQUEST")) {
                found.accept(table.finding("table-billing", "is not on demand: " + table.text("BillingMode")));
            }
            if (!table.json().path("DeletionPolicy").asText().equals("Retain")) {
                found.accept(table.finding("table-retain", "goes with its stack"));
            }
            if (!table.at("SSESpecification.SSEEnabled").asBoolean()) {
                found.accept(table.finding("table-encryption", "has no key of KMS"));
            }
            boolean strong = table.text("MultiRegionConsistency").equals("STRONG");
            if (strong && table.at("TimeToLiveSpecification.Enabled").asBoolean()) {
                found.accept(table.finding(
                        "table-strong", "a table that is strong in all Regions cannot have a time to live"));
            }
        });
    }

    private static void keys(Resource table, Consumer<Finding> found) {
        var used = new TreeSet<String>();
        var hash = table.at("KeySchema.0");
        if (!hash.path("KeyType").asText().equals("HASH"))
            found.accept(table.finding("table-key", "has no partition key"));
        table.at("KeySchema").forEach(key -> used.add(key.path("AttributeName").asText()));
        table.at("GlobalSecondaryIndexes").forEach(index -> {
            if (index.path("KeySchema").isEmpty()) found.accept(table.finding("table-key", "an index has no keys"));
            index.path("KeySchema")
                    .forEach(key -> used.add(key.path("AttributeName").asText()));
        });
        var defined = new TreeSet<String>();
        table.at("AttributeDefinitions")
                .forEach(
                        attribute -> defined.add(attribute.path("AttributeName").asText()));
        if (!used.equals(defined)) {
            found.accept(table.finding("table-key", "keys use " + used + " and the attributes are " + defined));
        }
    }

    private static void replicas(Synthesis synthesis, Resource table, Consumer<Finding> found) {
        Set<String> regions = new HashSet<>();
        for (var replica : table.at("Replicas")) {
            var region = Resource.text(replica.path("Region"), table.stack().region());
            regions.add(region);
            if (!replica.path("DeletionProtectionEnabled").asBoolean()) {
                found.accept(table.finding("table-protection", "the replica in " + region + " can be deleted"));
            }
            var recovery = replica.path("PointInTimeRecoverySpecification");
            if (!recovery.path("PointInTimeRecoveryEnabled").asBoolean()
                    || recovery.path("RecoveryPeriodInDays").asInt(35) < 35) {
                found.accept(table.finding("table-recovery", "the replica in " + region + " cannot go back 35 days"));
            }
        }
        if (!regions.equals(Set.copyOf(synthesis.regions()))) {
            found.accept(table.finding(
                    "table-replicas", "replicas are in " + regions + " instead of " + synthesis.regions()));
        }
    }
}
