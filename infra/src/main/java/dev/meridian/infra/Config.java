package dev.meridian.infra;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meridian.dynamo.DynamoTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What `infra/meridian.yaml` says: one record for each part of it.
///
/// @param name first part of all names, `meridian`
/// @param account the AWS account, twelve digits
/// @param zone the hosted zone whose name is the store's
/// @param regions the Regions, home first
/// @param observer a Region that only looks, or null
/// @param load what the store must carry
/// @param routing how clients find a Region
/// @param control how an operator takes a Region out of traffic, besides draining it
/// @param journal the consistency of the table `order-journal`
/// @param sql PostgreSQL
/// @param egress the way out of the VPC
/// @param architecture of tasks and of the build
/// @param edge what the load balancer lets in
/// @param release where the source is, and how carefully it is rolled out
/// @param images of others
/// @param identity who may call
/// @param options what can be left out
/// @param planChecks with Region switch: the health check that the plan made for each Region, once it
/// exists
public record Config(
        String name,
        String account,
        Zone zone,
        List<Region> regions,
        String observer,
        Load load,
        Routing routing,
        Control control,
        Journal journal,
        Sql sql,
        Egress egress,
        Architecture architecture,
        Edge edge,
        Release release,
        Images images,
        Identity identity,
        Options options,
        Map<String, String> planChecks) {

    /// Keeps copies; a missing `planChecks` is an empty one.
    public Config {
        regions = List.copyOf(regions);
        planChecks = planChecks == null ? Map.of() : Map.copyOf(planChecks);
    }

    /// Reads and checks a file.
    ///
    /// @throws ConfigException with a sentence for each thing that is wrong
    public static Config read(Path file) {
        return ConfigReader.read(file);
    }

    /// Reads and checks the text of a file.
    ///
    /// @throws ConfigException with a sentence for each thing that is wrong
    public static Config parse(String yaml) {
        return ConfigReader.parse(yaml);
    }

    /// The first Region: tables, first SQL writer, pipeline.
    public Region home() {
        return regions.getFirst();
    }

    /// The names of all Regions of the store, home first.
    public List<String> regionNames() {
        return regions.stream().map(Region::region).toList();
    }

    /// The Region of that name, if the store is there.
    public Optional<Region> region(String name) {
        return regions.stream().filter(each -> each.region().equals(name)).findFirst();
    }

    /// All other Regions.
    public List<Region> others(Region than) {
        return regions.stream().filter(each -> !each.equals(than)).toList();
    }

    /// The Regions that have an SQL cluster, the first writer's first.
    public List<Region> sqlRegions() {
        return sql.kind() == SqlKind.AURORA_GLOBAL ? regions : List.of(home());
    }

    /// Whether a write of a table is in all Regions before it is acknowledged.
    public boolean isStrong(DynamoTable table) {
        return table == DynamoTable.ORDER_JOURNAL && journal.consistency() == Consistency.MRSC;
    }

    /// The Regions from which canaries look: those of the store and the observer.
    public List<String> lookouts() {
        return Stream.concat(regionNames().stream(), Stream.ofNullable(observer))
                .toList();
    }

    /// How many tasks may run at once, the surplus of a rolling deployment included.
    public int tasksMax() {
        return regions.stream()
                .mapToInt(each -> each.tasks().max() * SURPLUS_PERCENT / 100)
                .sum();
    }

    /// How many tasks of the desired number may run during a deployment, in percent.
    static final int SURPLUS_PERCENT = 150;

    /// A hosted zone of Route 53.
    ///
    /// @param id its id
    /// @param name its name, which is the store's
    public record Zone(String id, String name) {}

    /// One Region of the store.
    ///
    /// @param region `eu-west-1`
    /// @param cidr the network of its VPC, /16 to /18
    /// @param zones the letters of its availability zones
    /// @param weight its share with weighted routing, 0 to 255
    /// @param tasks how many run
    public record Region(String region, String cidr, List<String> zones, int weight, Tasks tasks) {
        /// Keeps a copy of the zones.
        public Region {
            zones = List.copyOf(zones);
        }
    }

    /// How many tasks a Region has.
    ///
    /// @param min always
    /// @param max under load
    public record Tasks(int min, int max) {}

    /// What the store must carry.
    ///
    /// @param peak requests a second in the busiest hour, over all Regions
    /// @param perTask requests a second that one task carries
    public record Load(int peak, int perTask) {}

    /// How clients find a Region.
    public enum Routing {
        /// The healthy Region that is nearest.
        @JsonProperty("latency")
        LATENCY,
        /// The first Region while it is healthy.
        @JsonProperty("failover")
        FAILOVER,
        /// By share.
        @JsonProperty("weighted")
        WEIGHTED,
        /// By anycast addresses.
        @JsonProperty("global-accelerator")
        GLOBAL_ACCELERATOR
    }

    /// How an operator takes a Region out of traffic.
    public enum Control {
        /// By draining it: an item in DynamoDB that its health check shows.
        @JsonProperty("health-check")
        HEALTH_CHECK,
        /// Also by a routing control of the Application Recovery Controller.
        @JsonProperty("arc-routing-control")
        ARC_ROUTING_CONTROL,
        /// Also by a plan of Region switch.
        @JsonProperty("arc-region-switch")
        ARC_REGION_SWITCH
    }

    /// The consistency of a global table.
    public enum Consistency {
        /// Eventual between Regions.
        MREC,
        /// Strong between Regions.
        MRSC
    }

    /// The journal of orders.
    ///
    /// @param consistency of its table
    /// @param witness the Region of the witness, or null
    public record Journal(Consistency consistency, String witness) {}

    /// What PostgreSQL is.
    public enum SqlKind {
        /// A cluster in each Region.
        @JsonProperty("aurora-global")
        AURORA_GLOBAL,
        /// A cluster at home only.
        @JsonProperty("aurora-single")
        AURORA_SINGLE
    }

    /// How the service logs in to PostgreSQL.
    public enum Login {
        /// With tokens of IAM.
        @JsonProperty("iam")
        IAM,
        /// With a password that is rotated.
        @JsonProperty("password")
        PASSWORD
    }

    /// What Aurora charges for.
    public enum Storage {
        /// Storage and I/O.
        @JsonProperty("standard")
        STANDARD,
        /// Storage, at a higher price.
        @JsonProperty("iopt1")
        IOPT1
    }

    /// PostgreSQL.
    ///
    /// @param kind one cluster or one for each Region
    /// @param version of Aurora PostgreSQL, `17.7`
    /// @param capacity least and most ACU of an instance
    /// @param storage what is charged
    /// @param login of the service
    public record Sql(SqlKind kind, String version, List<Double> capacity, Storage storage, Login login) {
        /// Keeps a copy of the capacity.
        public Sql {
            capacity = List.copyOf(capacity);
        }

        /// Least ACU of an instance.
        public double capacityMin() {
            return capacity.getFirst();
        }

        /// Most ACU of an instance.
        public double capacityMax() {
            return capacity.getLast();
        }
    }

    /// How many NAT gateways.
    public enum Nat {
        /// One for the Region: when its zone is lost, tasks start nowhere, but orders go on.
        @JsonProperty("one")
        ONE,
        /// One for each zone.
        @JsonProperty("per-zone")
        PER_ZONE
    }

    /// An interface endpoint, or a few that belong together.
    public enum Endpoint {
        /// Images.
        @JsonProperty("ecr")
        ECR,
        /// Logs.
        @JsonProperty("logs")
        LOGS,
        /// Secrets.
        @JsonProperty("secretsmanager")
        SECRETSMANAGER,
        /// Credentials.
        @JsonProperty("sts")
        STS,
        /// Traces.
        @JsonProperty("xray")
        XRAY
    }

    /// The way out of the VPC. DynamoDB and S3 have gateway endpoints in any case.
    ///
    /// @param nat how many NAT gateways
    /// @param endpoints interface endpoints
    public record Egress(Nat nat, List<Endpoint> endpoints) {
        /// Keeps a copy of the endpoints.
        public Egress {
            endpoints = List.copyOf(endpoints);
        }
    }

    /// Of the processor.
    public enum Architecture {
        /// Intel and AMD.
        @JsonProperty("x86")
        X86,
        /// Graviton.
        @JsonProperty("arm")
        ARM
    }

    /// What the load balancer and the tasks let in.
    ///
    /// @param admins private networks from which the administrators' port of the tasks may be called, past
    ///     the load balancer; none by default
    /// @param rate requests that one address may make in five minutes
    public record Edge(List<String> admins, int rate) {
        /// Keeps a copy of the networks.
        public Edge {
            admins = List.copyOf(admins);
        }
    }

    /// Where the source is, and how carefully it is rolled out.
    ///
    /// @param repository owner and name on GitHub
    /// @param branch that is released
    /// @param connection the id of the CodeConnections connection
    /// @param bake minutes that a Region runs a new image before the next one gets it
    public record Release(String repository, String branch, String connection, int bake) {}

    /// Images of others, each with a tag or a digest.
    ///
    /// @param collector the ADOT collector
    /// @param load one with Node, for the load task
    public record Images(String collector, String load) {}

    /// How callers prove who they are.
    public enum IdentityKind {
        /// Nobody does. For demonstrations.
        @JsonProperty("open")
        OPEN,
        /// With an OpenID provider that is there already.
        @JsonProperty("oidc")
        OIDC,
        /// With a user pool of Cognito, which is made at home.
        @JsonProperty("cognito")
        COGNITO
    }

    /// Who may call.
    ///
    /// @param kind how callers prove who they are
    /// @param issuer of `oidc`, else null
    /// @param client of `oidc`: its id, else null
    /// @param domain of `cognito`: the first part of the host of its pages, else null
    public record Identity(IdentityKind kind, String issuer, String client, String domain) {}

    /// What can be left out.
    ///
    /// @param alarms alarms and dashboards
    /// @param email who hears of alarms and of the budget
    /// @param canaries minutes between two runs; 0: none
    /// @param drills experiments of the Fault Injection Service
    /// @param pipeline the pipeline
    /// @param backup vaults and plan of AWS Backup
    /// @param dynamoFallback whether tasks use the next Region's tables while their own do not answer
    /// @param resilienceHub an application of Resilience Hub
    /// @param budget USD a month
    public record Options(
            boolean alarms,
            String email,
            int canaries,
            boolean drills,
            boolean pipeline,
            boolean backup,
            boolean dynamoFallback,
            boolean resilienceHub,
            int budget) {}
}
