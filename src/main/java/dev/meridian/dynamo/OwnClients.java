package dev.meridian.dynamo;

import dev.meridian.dynamoclient.ClientSettings;
import dev.meridian.dynamoclient.DynamoClient;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.Optional;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.EndpointTag;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceEndpointKey;
import software.amazon.awssdk.regions.servicemetadata.DynamodbServiceMetadata;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// Makes clients of [dev.meridian.dynamoclient].
@Singleton
class OwnClients {
    private final Vertx vertx;
    private final DynamoConfig config;
    private final KeySource keys;
    private final OpenTelemetry telemetry;

    OwnClients(Vertx vertx, DynamoConfig config, KeySource keys, OpenTelemetry telemetry) {
        this.vertx = vertx;
        this.config = config;
        this.keys = keys;
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
                keys::resolveCredentials,
                telemetry.getTracer("dev.meridian.dynamoclient"));
    }

    /// The endpoint of AWS for a Region, with the switches of AWS that the SDK's client heeds too. That client may prefer
    /// the endpoint of the account (`AWS_ACCOUNT_ID_ENDPOINT_MODE`); this one serves each account.
    static URI regional(String region) {
        var tags = new ArrayList<EndpointTag>();
        if (isOn(SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT)) tags.add(EndpointTag.DUALSTACK);
        if (isOn(SdkSystemSetting.AWS_USE_FIPS_ENDPOINT)) tags.add(EndpointTag.FIPS);
        var key = ServiceEndpointKey.builder().region(Region.of(region)).tags(tags);
        return URI.create("https://" + new DynamodbServiceMetadata().endpointFor(key.build()));
    }

    private static boolean isOn(SdkSystemSetting setting) {
        return setting.getBooleanValue().orElse(false);
    }
}
