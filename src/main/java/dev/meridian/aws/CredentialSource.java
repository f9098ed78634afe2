package dev.meridian.aws;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Where the AWS credentials of this process come from, in the order of the AWS SDK: system properties,
/// environment, web identity (IRSA), profile, container (ECS, EKS Pod Identity), EC2 instance (AWS SDK for
/// Java 2.x, "Default credentials provider chain").
///
/// It keeps nothing: each question is asked anew, and reads files anew. Other than the SDK, a source that is
/// configured and fails is not followed by the next one: a process in a pod must not become its node.
public final class CredentialSource implements AwsCredentialsProvider {
    private final Optional<AwsCredentials> configured;
    private final WebIdentity webIdentity;

    /// The source of a process without a configuration.
    public CredentialSource() {
        this(Optional.empty(), Optional.empty());
    }

    /// @param configured these come first
    /// @param region of the token service, unless `AWS_REGION` says it
    CredentialSource(Optional<AwsCredentials> configured, Optional<String> region) {
        this.configured = configured;
        this.webIdentity = new WebIdentity(region);
    }

    /// The credentials that the process was started with, if any: nobody has to be asked.
    Optional<AwsCredentials> given() {
        return configured
                .or(() -> held(SystemPropertyCredentialsProvider.create()::resolveCredentials))
                .or(() -> held(EnvironmentVariableCredentialsProvider.create()::resolveCredentials));
    }

    /// Asks for the credentials. Blocks for seconds when the source does not answer.
    ///
    /// @throws RuntimeException of the AWS SDK when there are none
    @Override
    public AwsCredentials resolveCredentials() {
        return given().orElseGet(this::asked);
    }

    private AwsCredentials asked() {
        if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)) return webIdentity.ask();
        var container = isSet(
                SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
                SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI);
        return held(CredentialSource::ofProfile)
                .orElseGet(container ? CredentialSource::ofContainer : CredentialSource::ofInstance);
    }

    private static boolean isSet(SdkSystemSetting... settings) {
        return Stream.of(settings).anyMatch(setting -> setting.getStringValue().isPresent());
    }

    /// What a place has; empty when it has none.
    private static Optional<AwsCredentials> held(Supplier<AwsCredentials> place) {
        try {
            return Optional.of(place.get());
        } catch (SdkClientException _) {
            return Optional.empty();
        }
    }

    private static AwsCredentials ofProfile() {
        try (var profile = ProfileCredentialsProvider.create()) {
            return profile.resolveCredentials();
        }
    }

    private static AwsCredentials ofContainer() {
        try (var container = ContainerCredentialsProvider.create()) {
            return container.resolveCredentials();
        }
    }

    private static AwsCredentials ofInstance() {
        try (var instance = InstanceProfileCredentialsProvider.create()) {
            return instance.resolveCredentials();
        }
    }
}
