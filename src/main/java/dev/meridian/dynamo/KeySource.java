package dev.meridian.dynamo;

import io.quarkiverse.amazon.common.runtime.AmazonClientConfig;
import io.quarkiverse.amazon.common.runtime.AwsConfig;
import io.quarkiverse.amazon.common.runtime.AwsCredentialsProviderConfig;
import io.quarkiverse.amazon.common.runtime.ClientUtil;
import io.quarkiverse.amazon.dynamodb.runtime.DynamoDbConfig;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/// The AWS credentials of this process, in memory: asked for at the first call, then on a worker thread, and never by a
/// call. The SDK's chain may read files and ask a server over the network; it renews what expires by itself,
/// minutes ahead.
@Singleton
class KeySource implements AwsCredentialsProvider {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final AwsCredentialsProvider chain;
    private volatile AwsCredentials held;

    KeySource(Config config, Vertx vertx) {
        chain = chain(config);
        held = chain.resolveCredentials();
        vertx.setPeriodic(EVERY.toMillis(), _ -> vertx.executeBlocking(() -> held = chain.resolveCredentials()));
    }

    /// As `quarkus.dynamodb.aws.credentials` says.
    private static AwsCredentialsProvider chain(Config config) {
        return Optional.ofNullable(config.unwrap(SmallRyeConfig.class)
                        .getConfigMapping(DynamoDbConfig.class)
                        .clients()
                        .get(ClientUtil.DEFAULT_CLIENT_NAME))
                .map(AmazonClientConfig::aws)
                .flatMap(AwsConfig::credentials)
                .map(KeySource::configured)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static AwsCredentialsProvider configured(AwsCredentialsProviderConfig config) {
        return config.type().create(config, "dynamodb");
    }

    @Override
    public AwsCredentials resolveCredentials() {
        return held;
    }
}
