package dev.meridian.infra;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkPojo;

/// The members of the requests that documents of Systems Manager make: of three services by their SDK's classes, of
/// the others by this list (from their API references). A call that is in neither is a finding.
final class AwsApis {
    private static final Map<String, Set<String>> OTHERS = new TreeMap<>();

    static {
        put("backup DescribeRestoreJob", "RestoreJobId");
        put(
                "backup StartRestoreJob",
                "RecoveryPointArn Metadata IamRoleArn IdempotencyToken ResourceType CopySourceTagsToRestoredResource");
        put(
                "cloudwatch DescribeAlarms",
                "AlarmNames AlarmNamePrefix AlarmTypes ChildrenOfAlarmName ParentsOfAlarmName StateValue ActionPrefix"
                        + " MaxRecords NextToken");
        put("fis StartExperiment", "clientToken experimentTemplateId experimentOptions tags");
        put("secretsmanager DescribeSecret", "SecretId");
        put("sns Publish", "TopicArn TargetArn Message Subject MessageStructure MessageAttributes");
        put("ssm GetParameter", "Name WithDecryption");
        put(
                "ssm PutParameter",
                "Name Description Value Type KeyId Overwrite AllowedPattern Tags Tier Policies DataType");
        put("sts GetCallerIdentity", "");
        put("synthetics StartCanary", "Name");
        put("synthetics StopCanary", "Name");
    }

    private AwsApis() {}

    private static void put(String call, String members) {
        OTHERS.put(call, members.isEmpty() ? Set.of() : Set.of(members.split(" ")));
    }

    /// The members of a request; null for an unknown call.
    static Set<String> members(String service, String api) {
        if (!Set.of("rds", "ecs", "dynamodb").contains(service)) return OTHERS.get(service + " " + api);
        // The SDK spells acronyms its own way: DescribeDbClustersRequest.
        var name = api.replace("DB", "Db") + "Request";
        try {
            var type = Class.forName("software.amazon.awssdk.services." + service + ".model." + name);
            var builder = (SdkPojo) type.getMethod("builder").invoke(null);
            var members = new TreeSet<String>();
            builder.sdkFields().forEach(field -> members.add(field.locationName()));
            return members;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
