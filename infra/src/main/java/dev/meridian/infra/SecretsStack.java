package dev.meridian.infra;

import java.util.List;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.SecretValue;
import software.amazon.awscdk.services.secretsmanager.CfnSecret;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.ReplicaRegion;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/// The two secrets that are lists; people change them by the runbook (docs/deployment.md). Those of
/// PostgreSQL are in [SqlStack], which their rotation logs in to.
final class SecretsStack extends PlatformStack {
    static final String ADMIN_TOKENS = "admin-tokens";
    static final String SESSION_KEYS = "session-keys";

    final Secret sessionKeys;
    final Secret adminTokens;

    SecretsStack(Construct scope, Config config) {
        super(scope, Part.SECRETS, config, config.home().region());
        sessionKeys = Secret.Builder.create(this, "SessionKeys")
                .secretName(names.secret(SESSION_KEYS))
                .description("Keys of visitors' cookies, comma separated; the first one signs.")
                .generateSecretString(SecretStringGenerator.builder()
                        .passwordLength(64)
                        .excludePunctuation(true)
                        .build())
                .replicaRegions(replicas(config))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        adminTokens = Secret.Builder.create(this, "AdminTokens")
                .secretName(names.secret(ADMIN_TOKENS))
                .description("Administrators as name:sha256, comma separated.")
                // Nobody knows a token with this hash. The first administrator replaces it.
                .secretStringValue(SecretValue.unsafePlainText("nobody:" + "0".repeat(64)))
                .replicaRegions(replicas(config))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
    }

    /// The copy of a secret in a Region: its name, the suffix included, is that of the first one.
    static ISecret copy(PlatformStack stack, String id, Secret secret) {
        // The resource itself: of a secret in another Region CDK would say the name alone.
        var made = (CfnSecret) secret.getNode().getDefaultChild();
        var name = Fn.select(6, Fn.split(":", made.getRef()));
        return Secret.fromSecretCompleteArn(
                stack, id, stack.names.arn("secretsmanager", stack.region, "secret:" + name));
    }

    /// A copy in each other Region.
    static List<ReplicaRegion> replicas(Config config) {
        return config.others(config.home()).stream()
                .<ReplicaRegion>map(
                        site -> ReplicaRegion.builder().region(site.region()).build())
                .toList();
    }
}
