package dev.meridian.infra;

import dev.meridian.dynamo.DynamoTable;

/// All names that something outside of one stack must know.
public final class Names {
    private final Config config;

    /// The names of one configuration.
    public Names(Config config) {
        this.config = config;
    }

    /// The id of a stack within the app, `service-eu-west-1`.
    public static String id(Part part, String region) {
        return part.id() + "-" + region;
    }

    /// The name of a stack in CloudFormation, `meridian-service-eu-west-1`.
    public String stack(Part part, String region) {
        return config.name() + "-" + id(part, region);
    }

    /// A global table.
    public String table(DynamoTable table) {
        return config.name() + "-" + table.baseName();
    }

    /// Of a table in a Region.
    public String tableArn(DynamoTable table, String region) {
        return arn("dynamodb", region, "table/" + table(table));
    }

    /// The ECS cluster, the ECS service, the load balancer and the repository of images.
    public String service() {
        return config.name();
    }

    /// The address of a Region's repository of images, without a tag or a digest.
    public String repository(String region) {
        return "%s.dkr.ecr.%s.amazonaws.com/%s".formatted(config.account(), region, service());
    }

    /// Of the ECS service of a Region.
    public String serviceArn(String region) {
        return arn("ecs", region, "service/" + service() + "/" + service());
    }

    /// Of the ECS cluster of a Region.
    public String clusterArn(String region) {
        return arn("ecs", region, "cluster/" + service());
    }

    /// A Region's cluster of PostgreSQL.
    public String sqlCluster(String region) {
        return config.name() + "-" + region;
    }

    /// Of a Region's cluster of PostgreSQL.
    public String sqlClusterArn(String region) {
        return arn("rds", region, "cluster:" + sqlCluster(region));
    }

    /// The global cluster of PostgreSQL.
    public String globalCluster() {
        return config.name() + "-global";
    }

    /// Of the global cluster.
    public String globalClusterArn() {
        return arn("rds", "", "global-cluster:" + globalCluster());
    }

    /// An alarm, `meridian-journal-age-eu-west-1`.
    public String alarm(String kind, String region) {
        return config.name() + "-" + kind + "-" + region;
    }

    /// Of an alarm.
    public String alarmArn(String kind, String region) {
        return arn("cloudwatch", region, "alarm:" + alarm(kind, region));
    }

    /// A canary that looks at a Region, or at the whole store.
    public String canary(String journey, String target) {
        return config.name() + "-" + journey + "-" + target;
    }

    /// A secret, `meridian/session-keys`.
    public String secret(String what) {
        return config.name() + "/" + what;
    }

    /// The log group of the service's tasks.
    public String serviceLogs() {
        return "/" + config.name() + "/service";
    }

    /// The log group that carries metrics.
    public String metricLogs() {
        return "/" + config.name() + "/metrics";
    }

    /// The parameter with the digest of the image that a Region runs.
    public String imageParameter() {
        return "/" + config.name() + "/image-digest";
    }

    /// An IAM role; roles are global, so their names end with the Region.
    public String role(String what, String region) {
        return config.name() + (what.isEmpty() ? "" : "-" + what) + "-" + region;
    }

    /// An IAM role that is one for all Regions.
    public String role(String what) {
        return config.name() + "-" + what;
    }

    /// Of an IAM role.
    public String roleArn(String name) {
        return "arn:aws:iam::" + config.account() + ":role/" + name;
    }

    /// An SSM document, `meridian-drain`.
    public String document(String what) {
        return config.name() + "-" + what;
    }

    /// The name by which one Region is reached.
    public String host(String region) {
        return region + "." + config.zone().name();
    }

    /// The set of records of healthy Regions.
    public String healthyRegions() {
        return "healthy." + config.zone().name();
    }

    /// The set of records of all Regions whose load balancers have tasks.
    public String anyRegion() {
        return "any." + config.zone().name();
    }

    /// The vault of a Region's backups.
    public String vault() {
        return config.name();
    }

    /// Of anything in this account.
    public String arn(String service, String region, String rest) {
        return "arn:aws:" + service + ":" + region + ":" + config.account() + ":" + rest;
    }
}
