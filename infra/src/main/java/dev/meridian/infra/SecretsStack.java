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

/// The two secrets that are lists, which people change by the runbook (docs/deployment.md), and the one of
/// guests, which stays as it is. Those of PostgreSQL are in [SqlStack], which their rotation logs in to.
final class SecretsStack extends PlatformStack {
    static final String ADMIN_TOKENS = "admin-tokens";
    static final String SESSION_KEYS = "session-keys";
    static final String GUEST_SECRET = "guest-secret";

    private static final String NAME = "Name";

    SecretsStack(Construct scope, Config config) {
        super(scope, Part.SECRETS, config, config.home().region());
        var sessionKeys = drawn(
                config,
                "SessionKeys",
                SESSION_KEYS,
                "Keys of visitors' cookies, comma separated; the first one signs.");
        var guestSecret = drawn(
                config,
                "GuestSecret",
                GUEST_SECRET,
                "Makes the ids of guests and the links to their orders. It never changes.");
        var adminTokens = Secret.Builder.create(this, "AdminTokens")
                .secretName(names.secret(ADMIN_TOKENS))
                .description("Administrators as name:sha256, comma separated.")
                // Nobody knows a token with this hash. The first administrator replaces it.
                .secretStringValue(SecretValue.unsafePlainText("nobody:" + "0".repeat(64)))
                .replicaRegions(replicas(config))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        publish(this, "SessionKeys", sessionKeys);
        publish(this, "GuestSecret", guestSecret);
        publish(this, "AdminTokens", adminTokens);
    }

    /// A secret that begins as a random text, with a copy in each Region.
    private Secret drawn(Config config, String id, String name, String description) {
        return Secret.Builder.create(this, id)
                .secretName(names.secret(name))
                .description(description)
                .generateSecretString(SecretStringGenerator.builder()
                        .passwordLength(64)
                        .excludePunctuation(true)
                        .build())
                .replicaRegions(replicas(config))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
    }

    /// Tells other stacks the name of a secret with the suffix that AWS adds, which its copies have too.
    static void publish(PlatformStack home, String id, Secret secret) {
        var arn = ((CfnSecret) secret.getNode().getDefaultChild()).getRef();
        home.output(id + NAME, Fn.select(6, Fn.split(":", arn)));
    }

    /// The copy of a secret in the Region of a stack, or the secret itself at home. By its whole ARN: CDK
    /// would say the name without the suffix.
    ///
    /// @param part whose stack at home has published the name
    static ISecret copy(PlatformStack stack, String id, Part part) {
        var home = stack.config.home().region();
        var name = Fn.getStackOutput(stack.names.stack(part, home), id + NAME, home);
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
