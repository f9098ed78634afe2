package dev.meridian.aws;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// The keys of Quarkus' configuration, which dev mode and tests have.
@Singleton
final class ConfiguredKeys {
    private static final String PREFIX = "quarkus.dynamodb.aws.credentials.";

    private final String type;
    private final Optional<String> accessKeyId;
    private final Optional<String> secretAccessKey;

    ConfiguredKeys(
            @ConfigProperty(name = PREFIX + "type", defaultValue = "default") String type,
            @ConfigProperty(name = PREFIX + "static-provider.access-key-id") Optional<String> accessKeyId,
            @ConfigProperty(name = PREFIX + "static-provider.secret-access-key") Optional<String> secretAccessKey) {
        this.type = type;
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
    }

    /// @throws ConfigurationException for a type that this service does not know
    Optional<AwsCredentials> find() {
        return switch (type) {
            case "default" -> Optional.empty();
            case "static" ->
                Optional.of(AwsBasicCredentials.create(
                        accessKeyId.orElseThrow(() -> missing("access-key-id")),
                        secretAccessKey.orElseThrow(() -> missing("secret-access-key"))));
            default ->
                throw new ConfigurationException(PREFIX + "type must be default or static, not " + type
                        + ": the variables of AWS say where credentials come from");
        };
    }

    private static ConfigurationException missing(String key) {
        return new ConfigurationException(PREFIX + "static-provider." + key + " is missing");
    }
}
