package dev.meridian.infra;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The feature flags of `cdk init` (CLI 2.1148.1), in code so that tests and the command synthesize alike.
///
/// Two of them shape the design: references between stacks are weak (`Fn::GetStackOutput`), and CDK's own
/// rules refuse a template.
final class Flags {
    private static final String ON = """
            @aws-cdk/aws-signer:signingProfileNamePassedToCfn
            @aws-cdk/aws-ecs-patterns:secGroupsDisablesImplicitOpenListener
            @aws-cdk/aws-lambda:recognizeLayerVersion
            @aws-cdk/core:checkSecretUsage
            @aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver
            @aws-cdk/aws-ec2:uniqueImdsv2TemplateName
            @aws-cdk/aws-ecs:arnFormatIncludesClusterName
            @aws-cdk/aws-iam:minimizePolicies
            @aws-cdk/core:validateSnapshotRemovalPolicy
            @aws-cdk/aws-codepipeline:crossAccountKeyAliasStackSafeResourceName
            @aws-cdk/aws-s3:createDefaultLoggingPolicy
            @aws-cdk/aws-sns-subscriptions:restrictSqsDescryption
            @aws-cdk/aws-apigateway:disableCloudWatchRole
            @aws-cdk/core:enablePartitionLiterals
            @aws-cdk/aws-events:eventsTargetQueueSameAccount
            @aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker
            @aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName
            @aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy
            @aws-cdk/aws-route53-patters:useCertificate
            @aws-cdk/aws-rds:databaseProxyUniqueResourceName
            @aws-cdk/aws-codedeploy:removeAlarmsFromDeploymentGroup
            @aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId
            @aws-cdk/aws-ec2:launchTemplateDefaultUserData
            @aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments
            @aws-cdk/aws-redshift:columnId
            @aws-cdk/aws-stepfunctions-tasks:enableEmrServicePolicyV2
            @aws-cdk/aws-ec2:restrictDefaultSecurityGroup
            @aws-cdk/aws-apigateway:requestValidatorUniqueId
            @aws-cdk/aws-kms:aliasNameRef
            @aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal
            @aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig
            @aws-cdk/core:includePrefixInUniqueNameGeneration
            @aws-cdk/aws-efs:denyAnonymousAccess
            @aws-cdk/aws-opensearchservice:enableOpensearchMultiAzWithStandby
            @aws-cdk/aws-lambda-nodejs:useLatestRuntimeVersion
            @aws-cdk/aws-efs:mountTargetOrderInsensitiveLogicalId
            @aws-cdk/aws-rds:auroraClusterChangeScopeOfInstanceParameterGroupWithEachParameters
            @aws-cdk/aws-appsync:useArnForSourceApiAssociationIdentifier
            @aws-cdk/aws-rds:preventRenderingDeprecatedCredentials
            @aws-cdk/aws-codepipeline-actions:useNewDefaultBranchForCodeCommitSource
            @aws-cdk/aws-cloudwatch-actions:changeLambdaPermissionLogicalIdForLambdaAction
            @aws-cdk/aws-codepipeline:crossAccountKeysDefaultValueToFalse
            @aws-cdk/aws-codepipeline:defaultPipelineTypeToV2
            @aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope
            @aws-cdk/aws-eks:nodegroupNameAttribute
            @aws-cdk/aws-eks:useNativeOidcProvider
            @aws-cdk/aws-ec2:ebsDefaultGp3Volume
            @aws-cdk/aws-ecs:removeDefaultDeploymentAlarm
            @aws-cdk/core:explicitStackTags
            @aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions
            @aws-cdk/aws-dynamodb:resourcePolicyPerReplica
            @aws-cdk/aws-ec2:ec2SumTImeoutEnabled
            @aws-cdk/aws-appsync:appSyncGraphQLAPIScopeLambdaPermission
            @aws-cdk/aws-rds:setCorrectValueForDatabaseInstanceReadReplicaInstanceResourceId
            @aws-cdk/core:cfnIncludeRejectComplexResourceUpdateCreatePolicyIntrinsics
            @aws-cdk/aws-lambda-nodejs:sdkV3ExcludeSmithyPackages
            @aws-cdk/aws-stepfunctions-tasks:fixRunEcsTaskPolicy
            @aws-cdk/aws-ec2:bastionHostUseAmazonLinux2023ByDefault
            @aws-cdk/aws-route53-targets:userPoolDomainNameMethodWithoutCustomResource
            @aws-cdk/aws-elasticloadbalancingV2:albDualstackWithoutPublicIpv4SecurityGroupRulesDefault
            @aws-cdk/aws-iam:oidcRejectUnauthorizedConnections
            @aws-cdk/core:enableAdditionalMetadataCollection
            @aws-cdk/aws-s3:setUniqueReplicationRoleName
            @aws-cdk/aws-events:requireEventBusPolicySid
            @aws-cdk/core:aspectPrioritiesMutating
            @aws-cdk/aws-dynamodb:retainTableReplica
            @aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2
            @aws-cdk/s3-notifications:addS3TrustKeyPolicyForSnsSubscriptions
            @aws-cdk/aws-ec2:requirePrivateSubnetsForEgressOnlyInternetGateway
            @aws-cdk/aws-s3:publicAccessBlockedByDefault
            @aws-cdk/aws-lambda:useCdkManagedLogGroup
            @aws-cdk/aws-elasticloadbalancingv2:networkLoadBalancerWithSecurityGroupByDefault
            @aws-cdk/aws-ecs-patterns:uniqueTargetGroupId
            @aws-cdk/aws-route53-patterns:useDistribution
            @aws-cdk/aws-cloudfront:defaultFunctionRuntimeV2_0
            @aws-cdk/aws-elasticloadbalancingv2:usePostQuantumTlsPolicy
            @aws-cdk/aws-batch:defaultToAL2023
            @aws-cdk/aws-eks:defaultToAL2023
            @aws-cdk/core:annotationsInValidationReport
            @aws-cdk/core:validateAgainstDefaultRules
            @aws-cdk/aws-ecs:removeEmptyLoadBalancers
            @aws-cdk/aws-cloudfront:defaultViewerProtocolPolicyRedirectToHttps
            @aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard
            """;

    private static final String OFF = """
            @aws-cdk/customresources:installLatestAwsSdkDefault
            @aws-cdk/custom-resources:logApiResponseDataPropertyTrueDefault
            @aws-cdk/aws-s3:keepNotificationInImportedBucket
            @aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy
            """;

    private Flags() {}

    /// The context of the app.
    static Map<String, Object> context() {
        var context = new HashMap<String, Object>();
        ON.lines().forEach(flag -> context.put(flag, true));
        OFF.lines().forEach(flag -> context.put(flag, false));
        context.put("@aws-cdk/core:target-partitions", List.of("aws"));
        context.put("@aws-cdk/core:defaultCrossStackReferences", "weak");
        // Otherwise CDK prints its findings and throws; [Report] reads them, silences some by template, and refuses.
        context.put("@aws-cdk/core:failSynthOnValidationErrors", false);
        return context;
    }
}
