package dev.meridian.infra;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Resources whose replacement loses something, and the properties that replace them (CloudFormation's reference,
/// "Update requires: Replacement").
final class Stateful {
    /// What holds data of customers or of operators. A global cluster holds none, and is not deleted while it
    /// has members.
    private static final Set<String> DATA = Set.of(
            "AWS::DynamoDB::GlobalTable",
            "AWS::RDS::DBCluster",
            "AWS::SecretsManager::Secret",
            "AWS::Cognito::UserPool");

    private static final Map<String, List<String>> REPLACING = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "AWS::DynamoDB::GlobalTable",
                    List.of("TableName", "KeySchema", "MultiRegionConsistency", "GlobalTableWitnesses")),
            Map.entry(
                    "AWS::RDS::GlobalCluster",
                    List.of("GlobalClusterIdentifier", "Engine", "StorageEncrypted", "SourceDBClusterIdentifier")),
            Map.entry(
                    "AWS::RDS::DBCluster",
                    List.of(
                            "DBClusterIdentifier",
                            "DatabaseName",
                            "DBSubnetGroupName",
                            "Engine",
                            "EngineMode",
                            "KmsKeyId",
                            "SnapshotIdentifier",
                            "SourceDBClusterIdentifier",
                            "StorageEncrypted",
                            "UseLatestRestorableTime")),
            Map.entry(
                    "AWS::RDS::DBInstance", List.of("DBInstanceIdentifier", "DBClusterIdentifier", "AvailabilityZone")),
            Map.entry("AWS::RDS::DBSubnetGroup", List.of("DBSubnetGroupName")),
            Map.entry("AWS::SecretsManager::Secret", List.of("Name")),
            Map.entry(
                    "AWS::Cognito::UserPool",
                    List.of("AliasAttributes", "Schema", "UsernameAttributes", "UsernameConfiguration")),
            Map.entry("AWS::Cognito::UserPoolClient", List.of("GenerateSecret", "UserPoolId")),
            Map.entry("AWS::Cognito::UserPoolDomain", List.of("Domain", "UserPoolId")),
            Map.entry("AWS::KMS::Key", List.of("KeySpec", "KeyUsage", "MultiRegion")),
            Map.entry("AWS::ECR::Repository", List.of("RepositoryName", "EncryptionConfiguration")),
            Map.entry("AWS::S3::Bucket", List.of("BucketName")),
            Map.entry("AWS::Backup::BackupVault", List.of("BackupVaultName", "EncryptionKeyArn")),
            Map.entry("AWS::Logs::LogGroup", List.of("LogGroupName")),
            Map.entry("AWS::EC2::VPC", List.of("CidrBlock")),
            Map.entry("AWS::EC2::Subnet", List.of("AvailabilityZone", "CidrBlock", "VpcId")),
            Map.entry("AWS::ElasticLoadBalancingV2::LoadBalancer", List.of("Name", "Scheme", "Type")),
            Map.entry("AWS::Route53::RecordSet", List.of("HostedZoneId", "Name")),
            Map.entry("AWS::GlobalAccelerator::Accelerator", List.of()),
            Map.entry("AWS::Route53RecoveryControl::RoutingControl", List.of("ClusterArn", "ControlPanelArn")),
            Map.entry("AWS::ARCRegionSwitch::Plan", List.of("Name", "Regions", "RecoveryApproach"))));

    private Stateful() {}

    static boolean holdsData(Resource resource) {
        return DATA.contains(resource.type());
    }

    static boolean isStateful(Resource resource) {
        return REPLACING.containsKey(resource.type());
    }

    /// The values whose change replaces the resource, in a fixed order; also its logical id does.
    static Map<String, String> identity(Resource resource) {
        var identity = new TreeMap<String, String>();
        for (var property : REPLACING.get(resource.type())) {
            var value = resource.at(property);
            if (!value.isMissingNode())
                identity.put(property, value.isContainerNode() ? value.toString() : value.asText());
        }
        return identity;
    }
}
