package dev.meridian.infra;

import java.util.Set;
import java.util.function.Consumer;

/// Aurora: encrypted, protected, kept, and with settings that exist.
final class SqlChecks {
    static final String CLUSTER = "AWS::RDS::DBCluster";
    static final String INSTANCE = "AWS::RDS::DBInstance";
    static final String GLOBAL = "AWS::RDS::GlobalCluster";
    private static final String ENGINE = "aurora-postgresql";
    private static final Set<String> FAMILIES = Set.of("serverless", "r6g", "r6i", "r7g", "r7i", "r8g", "t4g");

    private SqlChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(CLUSTER).forEach(cluster -> cluster(synthesis, cluster, found));
        synthesis.resources(GLOBAL).forEach(global -> {
            engine(global, found);
            encrypted(global, found);
            protectedFromDeletion(global, found);
        });
        synthesis.resources(INSTANCE).forEach(instance -> {
            engine(instance, found);
            var parts = instance.text("DBInstanceClass").split("\\.");
            if (parts.length < 2 || !parts[0].equals("db") || !FAMILIES.contains(parts[1])) {
                found.accept(instance.finding("sql-class", "no class for Aurora: " + instance.text("DBInstanceClass")));
            }
            if (instance.at("PubliclyAccessible").asBoolean())
                found.accept(instance.finding("sql-public", "has a public address"));
        });
    }

    private static void cluster(Synthesis synthesis, Resource cluster, Consumer<Finding> found) {
        engine(cluster, found);
        encrypted(cluster, found);
        if (cluster.text("KmsKeyId").isEmpty())
            found.accept(cluster.finding("sql-encryption", "has no key of its own"));
        protectedFromDeletion(cluster, found);
        if (!cluster.json().path("DeletionPolicy").asText().equals("Retain")) {
            found.accept(cluster.finding("sql-retain", "goes with its stack"));
        }
        int days = cluster.at("BackupRetentionPeriod").asInt();
        if (days < 35) found.accept(cluster.finding("sql-backup", "keeps backups for " + days + " days instead of 35"));
        if (!cluster.at("EnableIAMDatabaseAuthentication").asBoolean()) {
            found.accept(cluster.finding("sql-login", "takes no tokens of IAM"));
        }
        for (var name : new String[] {"MinCapacity", "MaxCapacity"}) {
            double units =
                    cluster.at("ServerlessV2ScalingConfiguration." + name).asDouble(1);
            if (units * 2 != Math.rint(units * 2) || units < 0 || units > 256) {
                found.accept(cluster.finding("sql-capacity", name + " must be a multiple of 0.5: " + units));
            }
        }
        long instances = synthesis
                .resources(INSTANCE)
                .filter(instance -> instance.stack().id().equals(cluster.stack().id()))
                .filter(instance -> instance.text("DBClusterIdentifier").equals("${" + cluster.id() + "}"))
                .count();
        if (instances < 2)
            found.accept(cluster.finding("sql-instances", "has " + instances + " instances: its loss stops it"));
    }

    private static void engine(Resource resource, Consumer<Finding> found) {
        var engine = resource.text("Engine");
        if (!engine.equals(ENGINE)) found.accept(resource.finding("sql-engine", "the engine is " + engine));
        var version = resource.at("EngineVersion");
        if (!version.isMissingNode()
                && !(version.isTextual() && version.asText().matches("1[67]\\.\\d"))) {
            found.accept(resource.finding("sql-engine", "no version: " + version));
        }
    }

    private static void encrypted(Resource resource, Consumer<Finding> found) {
        if (!resource.at("StorageEncrypted").asBoolean())
            found.accept(resource.finding("sql-encryption", "is not encrypted"));
    }

    private static void protectedFromDeletion(Resource resource, Consumer<Finding> found) {
        if (!resource.at("DeletionProtection").asBoolean())
            found.accept(resource.finding("sql-protection", "can be deleted"));
    }
}
