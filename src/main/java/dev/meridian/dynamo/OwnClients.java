package dev.meridian.dynamo;

import dev.meridian.aws.HeldCredentials;
import dev.meridian.dynamoclient.ClientSettings;
import dev.meridian.dynamoclient.DynamoClient;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;

/// Makes clients of [dev.meridian.dynamoclient].
@Singleton
class OwnClients {
    private final Vertx vertx;
    private final DynamoConfig config;
    private final HeldCredentials credentials;
    private final OpenTelemetry telemetry;

    OwnClients(Vertx vertx, DynamoConfig config, HeldCredentials credentials, OpenTelemetry telemetry) {
        this.vertx = vertx;
        this.config = config;
        this.credentials = credentials;
        this.telemetry = telemetry;
    }

    /// A client of a Region.
    DynamoDbAsyncClient of(String region, Optional<URI> endpoint) {
        return new DynamoClient(
                vertx,
                new ClientSettings(
                        endpoint.orElseGet(() -> regional(region)),
                        region,
                        config.maxConcurrency(),
                        config.queueSize(),
                        config.timeout(),
                        config.connectTimeout(),
                        config.idleTimeout()),
                credentials::resolveCredentials,
                telemetry.getTracer("dev.meridian.dynamoclient"));
    }

    /// The endpoint of AWS for a Region, by the SDK's rules and with the switches of AWS that the SDK's
    /// client heeds too. That client may prefer the endpoint of the account (`AWS_ACCOUNT_ID_ENDPOINT_MODE`);
    /// this one serves each account.
    static URI regional(String region) {
        return DynamoDbEndpointProvider.defaultProvider()
                .resolveEndpoint(rules -> rules.region(Region.of(region))
                        .useFips(isOn(SdkSystemSetting.AWS_USE_FIPS_ENDPOINT))
                        .useDualStack(isOn(SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT)))
                .resultNow()
                .endpointUrl()
                .toUri();
    }

    private static boolean isOn(SdkSystemSetting setting) {
        return setting.getBooleanValue().orElse(false);
    }
}
