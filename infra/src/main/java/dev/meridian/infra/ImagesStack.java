package dev.meridian.infra;

import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.RepositoryEncryption;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/// The images of a Region: tags are never overwritten, each image is scanned, the home Region's are
/// replicated.
///
/// The parameter holds the digest of the image that the Region runs. The pipeline writes it, and a later
/// deployment of the service's stack reads it: so it never puts an old image back.
final class ImagesStack extends PlatformStack {
    /// Of the digest before the first release; no image has it.
    static final String NONE = "sha256:" + "0".repeat(64);

    ImagesStack(Construct scope, Config config, String region) {
        super(scope, Part.IMAGES, config, region);
        Repository.Builder.create(this, "Repository")
                .repositoryName(names.service())
                .imageScanOnPush(true)
                .imageTagMutability(TagMutability.IMMUTABLE)
                .encryption(RepositoryEncryption.AES_256)
                .removalPolicy(RemovalPolicy.RETAIN)
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .description("the last 50")
                        .maxImageCount(50)
                        .build()))
                .build();
        StringParameter.Builder.create(this, "Image")
                .parameterName(names.imageParameter())
                .description("The digest of the image that this Region runs; the pipeline writes it.")
                .stringValue(NONE)
                .build();
        if (isHome()) replicate();
    }

    /// One for each account and Region: it replaces what is there.
    private void replicate() {
        resource(
                "Replication",
                "AWS::ECR::ReplicationConfiguration",
                map(
                        "ReplicationConfiguration",
                        map(
                                "Rules",
                                List.of(map(
                                        "RepositoryFilters",
                                        List.of(map("Filter", names.service(), "FilterType", "PREFIX_MATCH")),
                                        "Destinations",
                                        config.others(site()).stream()
                                                .map(other ->
                                                        map("Region", other.region(), "RegistryId", config.account()))
                                                .toList())))));
    }
}
