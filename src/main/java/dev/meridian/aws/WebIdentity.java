package dev.meridian.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;

/// IAM roles for service accounts (IRSA): the token service gives credentials of `AWS_ROLE_ARN` for the token
/// in the file `AWS_WEB_IDENTITY_TOKEN_FILE` (EKS User Guide, "IAM roles for service accounts").
///
/// The SDK's provider looks its client up by reflection, and takes any HTTP client that it finds; this one is
/// compiled, and small.
final class WebIdentity {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final String SESSION = "meridian";

    private final Optional<String> region;

    WebIdentity(Optional<String> region) {
        this.region = region;
    }

    /// Blocks.
    ///
    /// @throws software.amazon.awssdk.core.exception.SdkException when the token service refuses or does not answer
    /// @throws UncheckedIOException when the file cannot be read
    AwsCredentials ask() {
        var token = read(Path.of(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValueOrThrow()));
        var role = SdkSystemSetting.AWS_ROLE_ARN.getStringValueOrThrow();
        var session = SdkSystemSetting.AWS_ROLE_SESSION_NAME.getStringValue().orElse(SESSION);
        try (var sts = client()) {
            var given = sts.assumeRoleWithWebIdentity(
                            r -> r.roleArn(role).roleSessionName(session).webIdentityToken(token))
                    .credentials();
            return AwsSessionCredentials.builder()
                    .accessKeyId(given.accessKeyId())
                    .secretAccessKey(given.secretAccessKey())
                    .sessionToken(given.sessionToken())
                    .expirationTime(given.expiration())
                    .build();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The token file " + file + " cannot be read.", e);
        }
    }

    /// Without retries: whoever asks tries again.
    private StsClient client() {
        var where =
                SdkSystemSetting.AWS_REGION.getStringValue().or(() -> region).map(Region::of);
        return StsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ANSWER))
                .region(where.orElse(Region.US_EAST_1))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
