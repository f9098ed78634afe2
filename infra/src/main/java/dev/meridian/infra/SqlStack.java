package dev.meridian.infra;

import dev.meridian.infra.Config.Login;
import dev.meridian.infra.Config.SqlKind;
import dev.meridian.infra.Config.Storage;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.rds.AuroraPostgresClusterEngineProps;
import software.amazon.awscdk.services.rds.AuroraPostgresEngineVersion;
import software.amazon.awscdk.services.rds.BackupProps;
import software.amazon.awscdk.services.rds.CfnDBCluster;
import software.amazon.awscdk.services.rds.CfnGlobalCluster;
import software.amazon.awscdk.services.rds.ClusterInstance;
import software.amazon.awscdk.services.rds.Credentials;
import software.amazon.awscdk.services.rds.CredentialsBaseOptions;
import software.amazon.awscdk.services.rds.DBClusterStorageType;
import software.amazon.awscdk.services.rds.DatabaseCluster;
import software.amazon.awscdk.services.rds.DatabaseClusterEngine;
import software.amazon.awscdk.services.rds.DatabaseInsightsMode;
import software.amazon.awscdk.services.rds.DatabaseSecret;
import software.amazon.awscdk.services.rds.IClusterEngine;
import software.amazon.awscdk.services.rds.IClusterInstance;
import software.amazon.awscdk.services.rds.ParameterGroup;
import software.amazon.awscdk.services.rds.PerformanceInsightRetention;
import software.amazon.awscdk.services.rds.ServerlessV2ClusterInstanceProps;
import software.amazon.awscdk.services.secretsmanager.HostedRotation;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.MultiUserHostedRotationOptions;
import software.amazon.awscdk.services.secretsmanager.RotationScheduleOptions;
import software.amazon.awscdk.services.secretsmanager.SingleUserHostedRotationOptions;
import software.constructs.Construct;

/// PostgreSQL of a Region: an Aurora cluster with two instances in two zones, a member of the global
/// cluster.
///
/// Nothing here says who the writer is, so a template stays true after a failover. The global cluster is
/// made empty, and the clusters join it. At home are also the users' secrets: the owner's, and the
/// service's if it has a password.
final class SqlStack extends PlatformStack {
    static final String OWNER = "meridian_owner";
    static final String APP = "meridian_app";
    static final String AUDITOR = "meridian_audit";
    static final String DATABASE = "meridian";

    private static final Duration ROTATION = Duration.days(30);
    private static final String EXTENDED_SUPPORT = "open-source-rds-extended-support-disabled";

    final DatabaseCluster cluster;
    final SecurityGroup group;
    /// Of the owner; only at home.
    final ISecret owner;
    /// Of the service; only at home, and only with passwords.
    final DatabaseSecret app;

    SqlStack(Construct scope, Config config, String region, NetworkStack network) {
        super(scope, Part.SQL, config, region);
        var global = isHome() && isGlobal() ? globalCluster() : null;
        group = SecurityGroup.Builder.create(this, "Group")
                .vpc(network.vpc)
                .allowAllOutbound(false)
                .description("PostgreSQL")
                .build();
        for (var site : config.regions()) {
            group.addIngressRule(Peer.ipv4(site.cidr()), Port.tcp(5432), "tasks in " + site.region());
        }
        cluster = cluster(network);
        if (isGlobal()) join(global);
        if (!isHome()) {
            owner = null;
            app = null;
            return;
        }
        owner = cluster.getSecret();
        ((DatabaseSecret) cluster.getNode().findChild("Secret")).applyRemovalPolicy(RemovalPolicy.RETAIN);
        app = config.sql().login() == Login.PASSWORD ? appSecret(network) : null;
        rotateOwner(network);
    }

    private boolean isGlobal() {
        return config.sql().kind() == SqlKind.AURORA_GLOBAL;
    }

    private CfnGlobalCluster globalCluster() {
        return CfnGlobalCluster.Builder.create(this, "Global")
                .globalClusterIdentifier(names.globalCluster())
                .engine("aurora-postgresql")
                .engineVersion(config.sql().version())
                .storageEncrypted(true)
                .deletionProtection(true)
                .engineLifecycleSupport(EXTENDED_SUPPORT)
                .build();
    }

    private DatabaseCluster cluster(NetworkStack network) {
        var engine = engine();
        var builder = DatabaseCluster.Builder.create(this, "Cluster")
                .engine(engine)
                .clusterIdentifier(names.sqlCluster(region))
                .writer(instance("a"))
                .readers(List.of(instance("b")))
                .serverlessV2MinCapacity(config.sql().capacityMin())
                .serverlessV2MaxCapacity(config.sql().capacityMax())
                .vpc(network.vpc)
                .vpcSubnets(NetworkStack.in(NetworkStack.DATA))
                .securityGroups(List.of(group))
                .storageEncrypted(true)
                .storageEncryptionKey(key())
                .storageType(
                        config.sql().storage() == Storage.IOPT1
                                ? DBClusterStorageType.AURORA_IOPT1
                                : DBClusterStorageType.AURORA)
                .iamAuthentication(true)
                .databaseInsightsMode(DatabaseInsightsMode.STANDARD)
                .enablePerformanceInsights(true)
                .performanceInsightRetention(PerformanceInsightRetention.DEFAULT)
                .backup(BackupProps.builder()
                        .retention(Duration.days(TablesStack.RESTORABLE_DAYS))
                        .preferredWindow("03:00-04:00")
                        .build())
                .preferredMaintenanceWindow("tue:04:30-tue:05:30")
                .cloudwatchLogsExports(List.of("postgresql"))
                .copyTagsToSnapshot(true)
                .deletionProtection(true)
                .removalPolicy(RemovalPolicy.RETAIN)
                .parameterGroup(ParameterGroup.Builder.create(this, "Parameters")
                        .engine(engine)
                        .parameters(sorted(Map.of("rds.force_ssl", "1", "log_min_duration_statement", "500")))
                        .build());
        if (isHome()) {
            builder.defaultDatabaseName(DATABASE).credentials(ownersCredentials());
        } else {
            // Keeps CDK from making an owner; join() takes it out.
            builder.replicationSourceIdentifier("none");
        }
        return builder.build();
    }

    private IClusterEngine engine() {
        var version = config.sql().version();
        return DatabaseClusterEngine.auroraPostgres(AuroraPostgresClusterEngineProps.builder()
                .version(AuroraPostgresEngineVersion.of(version, version.substring(0, version.indexOf('.'))))
                .build());
    }

    private IClusterInstance instance(String letter) {
        return ClusterInstance.serverlessV2(
                letter,
                ServerlessV2ClusterInstanceProps.builder()
                        .instanceIdentifier(names.sqlCluster(region) + "-" + letter)
                        .publiclyAccessible(false)
                        .enablePerformanceInsights(true)
                        .scaleWithWriter(letter.equals("b") ? true : null)
                        .build());
    }

    private Key key() {
        return Key.Builder.create(this, "Key")
                .alias("alias/" + config.name() + "-sql")
                .description("PostgreSQL in this Region")
                .enableKeyRotation(true)
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
    }

    private Credentials ownersCredentials() {
        return Credentials.fromGeneratedSecret(
                OWNER,
                CredentialsBaseOptions.builder()
                        .secretName(names.secret("sql-owner"))
                        .replicaRegions(SecretsStack.replicas(config))
                        .build());
    }

    /// @param global null but at home
    private void join(CfnGlobalCluster global) {
        var joined = (CfnDBCluster) cluster.getNode().getDefaultChild();
        joined.setGlobalClusterIdentifier(names.globalCluster());
        joined.setEngineLifecycleSupport(EXTENDED_SUPPORT);
        if (global != null) {
            joined.addResourceDependency((CfnResource) global);
            return;
        }
        joined.setReplicationSourceIdentifier(null);
        cluster.getNode().tryRemoveChild("Secret");
    }

    private void rotateOwner(NetworkStack network) {
        owner.addRotationSchedule(
                "Rotation",
                RotationScheduleOptions.builder()
                        .automaticallyAfter(ROTATION)
                        .rotateImmediatelyOnUpdate(false)
                        .hostedRotation(HostedRotation.postgreSqlSingleUser(SingleUserHostedRotationOptions.builder()
                                .vpc(network.vpc)
                                .vpcSubnets(NetworkStack.in(NetworkStack.APP))
                                .securityGroups(List.of(network.jobs))
                                .build()))
                        .build());
    }

    /// Two users take turns, so that tasks which still have the old password go on until they are replaced.
    private DatabaseSecret appSecret(NetworkStack network) {
        var secret = DatabaseSecret.Builder.create(this, "App")
                .username(APP)
                .secretName(names.secret("sql-app"))
                .masterSecret(owner)
                .replicaRegions(SecretsStack.replicas(config))
                .build();
        secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
        SecretsStack.publish(this, "SqlApp", secret);
        var attached = secret.attach(cluster);
        attached.addRotationSchedule(
                "Rotation",
                RotationScheduleOptions.builder()
                        .automaticallyAfter(ROTATION)
                        .rotateImmediatelyOnUpdate(false)
                        .hostedRotation(HostedRotation.postgreSqlMultiUser(MultiUserHostedRotationOptions.builder()
                                .masterSecret(owner)
                                .vpc(network.vpc)
                                .vpcSubnets(NetworkStack.in(NetworkStack.APP))
                                .securityGroups(List.of(network.jobs))
                                .build()))
                        .build());
        return secret;
    }

    /// Where the writer of this cluster would be.
    String writerHost() {
        return cluster.getClusterEndpoint().getHostname();
    }

    /// Where its readers are.
    String readerHost() {
        return cluster.getClusterReadEndpoint().getHostname();
    }

    /// What `rds-db:connect` calls the cluster.
    String resourceId() {
        return cluster.getClusterResourceIdentifier();
    }
}
