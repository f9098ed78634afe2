package dev.meridian.infra;

import dev.meridian.dynamo.DynamoTable;
import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.ContributorInsightsMode;
import software.amazon.awscdk.services.dynamodb.ContributorInsightsSpecification;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexPropsV2;
import software.amazon.awscdk.services.dynamodb.MultiRegionConsistency;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.ReplicaTableProps;
import software.amazon.awscdk.services.dynamodb.TableEncryptionV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.constructs.Construct;

/// All global tables, as [DynamoTable] declares them: each with a replica in every Region that can be
/// restored to any second of 35 days and refuses to be deleted.
final class TablesStack extends PlatformStack {
    /// The most that DynamoDB keeps.
    static final int RESTORABLE_DAYS = 35;

    TablesStack(Construct scope, Config config) {
        super(scope, Part.TABLES, config, config.home().region());
        for (var table : DynamoTable.values()) table(table);
    }

    private void table(DynamoTable declared) {
        var table = TableV2.Builder.create(this, declared.name())
                .tableName(names.table(declared))
                .partitionKey(text(declared.hashKey()))
                .billing(Billing.onDemand())
                .pointInTimeRecoverySpecification(restorable())
                .contributorInsightsSpecification(throttledKeys())
                .deletionProtection(true)
                .removalPolicy(RemovalPolicy.RETAIN)
                .encryption(TableEncryptionV2.awsManagedKey())
                .globalSecondaryIndexes(
                        declared.indexes().stream().map(TablesStack::index).toList())
                .replicas(
                        config.others(site()).stream().map(TablesStack::replica).toList());
        declared.rangeKey().ifPresent(key -> table.sortKey(text(key)));
        declared.timeToLive().ifPresent(table::timeToLiveAttribute);
        if (config.isStrong(declared)) {
            table.multiRegionConsistency(MultiRegionConsistency.STRONG);
            if (config.journal().witness() != null)
                table.witnessRegion(config.journal().witness());
        }
        table.build();
    }

    /// Protection and restoring are said for each replica: it inherits neither.
    private static ReplicaTableProps replica(Config.Region site) {
        return ReplicaTableProps.builder()
                .region(site.region())
                .pointInTimeRecoverySpecification(restorable())
                .contributorInsightsSpecification(throttledKeys())
                .deletionProtection(true)
                .build();
    }

    private static GlobalSecondaryIndexPropsV2 index(DynamoTable.Index index) {
        var range = index.numeric() ? AttributeType.NUMBER : AttributeType.STRING;
        var props = GlobalSecondaryIndexPropsV2.builder()
                .indexName(index.name())
                .partitionKey(text(index.hashKey()))
                .sortKey(Attribute.builder().name(index.rangeKey()).type(range).build());
        return index.included().isEmpty()
                ? props.projectionType(ProjectionType.KEYS_ONLY).build()
                : props.projectionType(ProjectionType.INCLUDE)
                        .nonKeyAttributes(List.copyOf(index.included()))
                        .build();
    }

    private static PointInTimeRecoverySpecification restorable() {
        return PointInTimeRecoverySpecification.builder()
                .pointInTimeRecoveryEnabled(true)
                .recoveryPeriodInDays(RESTORABLE_DAYS)
                .build();
    }

    private static ContributorInsightsSpecification throttledKeys() {
        return ContributorInsightsSpecification.builder()
                .enabled(true)
                .mode(ContributorInsightsMode.THROTTLED_KEYS)
                .build();
    }

    private static Attribute text(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
