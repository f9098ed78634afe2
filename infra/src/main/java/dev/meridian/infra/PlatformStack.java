package dev.meridian.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.CfnResourceProps;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.constructs.Construct;

/// One stack of the app: one part of one Region.
///
/// Resource types without a helpful construct of CDK are written as CloudFormation has them, with
/// [#resource(String, String, Map)]; the linters know each of their properties.
abstract class PlatformStack extends Stack {
    final Config config;
    final Names names;
    final Part part;
    /// Its name; also of Regions where the store is not.
    final String region;

    PlatformStack(Construct scope, Part part, Config config, String region) {
        super(scope, Names.id(part, region), props(part, config, region));
        this.config = config;
        this.names = new Names(config);
        this.part = part;
        this.region = region;
    }

    private static StackProps props(Part part, Config config, String region) {
        return StackProps.builder()
                .stackName(new Names(config).stack(part, region))
                .env(Environment.builder()
                        .account(config.account())
                        .region(region)
                        .build())
                .terminationProtection(part.holdsData())
                .tags(Map.of("service", config.name()))
                .build();
    }

    /// From the configuration: a synthesis asks no account.
    @Override
    public List<String> getAvailabilityZones() {
        return config == null
                ? List.of()
                : config.region(region).map(Config.Region::zones).orElse(List.of("a", "b", "c")).stream()
                        .map(zone -> region + zone)
                        .toList();
    }

    boolean isHome() {
        return region.equals(config.home().region());
    }

    /// What the configuration says about this Region, which must be one of the store.
    Config.Region site() {
        return config.region(region).orElseThrow();
    }

    IHostedZone zone() {
        return HostedZone.fromHostedZoneAttributes(
                this,
                "Zone",
                HostedZoneAttributes.builder()
                        .hostedZoneId(config.zone().id())
                        .zoneName(config.zone().name())
                        .build());
    }

    /// A resource as CloudFormation has it.
    CfnResource resource(String id, String type, Map<String, Object> properties) {
        return new CfnResource(
                this,
                id,
                CfnResourceProps.builder().type(type).properties(properties).build());
    }

    /// A bucket for what is written by machines and read when something is wrong: encrypted, by TLS only, private.
    Bucket bucket(String id, int days) {
        return Bucket.Builder.create(this, id)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .enforceSsl(true)
                .encryption(BucketEncryption.S3_MANAGED)
                .lifecycleRules(List.of(
                        LifecycleRule.builder().expiration(Duration.days(days)).build()))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
    }

    void output(String id, String value) {
        CfnOutput.Builder.create(this, id).value(value).build();
    }

    /// A map in the order given, without the pairs whose value is null.
    static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /// As JSON, for what AWS takes as a text.
    static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The same in every process: the order of `Map.of` is not, and templates have it.
    static <T> Map<String, T> sorted(Map<String, T> map) {
        return new TreeMap<>(map);
    }

    /// The tag by which drills and the budget know what belongs to the store.
    List<Map<String, Object>> serviceTags() {
        return List.of(map("Key", "service", "Value", config.name()));
    }

    static PolicyStatement allow(List<String> actions, List<String> resources) {
        return PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .actions(new ArrayList<>(actions))
                .resources(new ArrayList<>(resources))
                .build();
    }

    static PolicyStatement allow(List<String> actions, List<String> resources, Map<String, Object> conditions) {
        var statement = allow(actions, resources);
        statement.addConditions(conditions);
        return statement;
    }
}
