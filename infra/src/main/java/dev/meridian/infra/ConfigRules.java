package dev.meridian.infra;

import dev.meridian.infra.Config.Consistency;
import dev.meridian.infra.Config.Control;
import dev.meridian.infra.Config.IdentityKind;
import dev.meridian.infra.Config.Routing;
import dev.meridian.infra.Config.SqlKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What a configuration must not say, each with a sentence.
final class ConfigRules {
    /// The sets of Regions of which an MRSC table has exactly three (AWS, *AWS::DynamoDB::GlobalTable*).
    private static final List<Set<String>> REGION_SETS = List.of(
            Set.of("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"),
            Set.of("us-east-1", "us-east-2", "us-west-2"),
            Set.of("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"));

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,19}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
    private static final Pattern DOMAIN = Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}");
    private static final Pattern ISSUER = Pattern.compile("https://[^\\s/?#@]+(/[^\\s?#]*)?");
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9.-]+(/[a-z0-9._-]+)+(:[\\w.-]+|@sha256:[0-9a-f]{64})");

    /// The service opens one connection more than its pool has, to look for the writer.
    private static final int CONNECTIONS_OF_A_TASK = 17;
    private static final int ADMIN_NETWORKS_MAX = 10;

    /// Parts of `max_connections` that plans may use, in percent; the rest is for failovers and operators.
    private static final int CONNECTIONS_PERCENT = 60;

    private final Config config;
    private final List<String> sentences = new ArrayList<>();

    private ConfigRules(Config config) {
        this.config = config;
    }

    /// @return a sentence for each thing that is wrong
    static List<String> check(Config config) {
        var rules = new ConfigRules(config);
        rules.names();
        rules.regions();
        if (rules.sentences.isEmpty()) {
            rules.networks();
            rules.tasks();
            rules.routing();
            rules.journal();
            rules.sql();
            rules.edge();
            rules.identity();
            rules.options();
        }
        return rules.sentences;
    }

    private void refuse(boolean when, String sentence, Object... values) {
        if (when) sentences.add(sentence.formatted(values));
    }

    private void names() {
        refuse(
                !NAME.matcher(config.name()).matches(),
                "The name %s must have at most 20 small letters, digits and hyphens, and begin with a letter.",
                config.name());
        refuse(
                !config.account().matches("\\d{12}"),
                "The account %s must have twelve digits; put it in quotes.",
                config.account());
        refuse(
                !DOMAIN.matcher(config.zone().name()).matches(),
                "The zone %s is no domain.",
                config.zone().name());
        refuse(
                !config.zone().id().matches("Z[A-Z0-9]+"),
                "The id %s of the zone must begin with Z.",
                config.zone().id());
        for (var image : List.of(config.images().collector(), config.images().load())) {
            refuse(
                    !IMAGE.matcher(image).matches() || image.endsWith(":latest"),
                    "The image %s needs a digest or a tag that is not latest.",
                    image);
        }
    }

    private void regions() {
        refuse(config.regions().size() < 2, "A store has at least two Regions.");
        var seen = new HashSet<String>();
        for (var region : config.regions()) {
            refuse(!REGION.matcher(region.region()).matches(), "%s is no Region.", region.region());
            refuse(!seen.add(region.region()), "The Region %s is there twice.", region.region());
            refuse(
                    new HashSet<>(region.zones()).size() < 2,
                    "The Region %s needs at least two availability zones: Aurora and the load balancer do.",
                    region.region());
            refuse(
                    region.zones().stream().anyMatch(zone -> !zone.matches("[a-f]"))
                            || new HashSet<>(region.zones()).size()
                                    != region.zones().size(),
                    "The zones of %s are letters from a to f, each once.",
                    region.region());
        }
        if (config.observer() == null) return;
        refuse(!REGION.matcher(config.observer()).matches(), "%s is no Region.", config.observer());
        refuse(
                seen.contains(config.observer()),
                "The observer %s is a Region of the store: when that one is lost, nobody looks from outside.",
                config.observer());
    }

    private void networks() {
        for (var region : config.regions()) {
            var network = Cidr.of(region.cidr()).orElse(null);
            refuse(network == null, "The network %s of %s is no CIDR.", region.cidr(), region.region());
            if (network == null) continue;
            refuse(
                    network.bits() < 16 || network.bits() > 18,
                    "The network %s of %s must be between /16, which is the most a VPC has, and /18.",
                    region.cidr(),
                    region.region());
            refuse(!network.isPrivate(), "The network %s of %s is not private.", region.cidr(), region.region());
            for (var other : config.regions()) {
                if (other.region().compareTo(region.region()) <= 0) continue;
                refuse(
                        Cidr.of(other.cidr()).filter(network::overlaps).isPresent(),
                        "The networks of %s and %s overlap, so there is no route between them.",
                        region.region(),
                        other.region());
            }
        }
    }

    private void tasks() {
        refuse(config.load().peak() < 1 || config.load().perTask() < 1, "The load must be positive.");
        if (!sentences.isEmpty()) return;
        for (var region : config.regions()) {
            var tasks = region.tasks();
            refuse(
                    tasks.min() < region.zones().size(),
                    "%s keeps %d tasks, fewer than it has zones.",
                    region.region(),
                    tasks.min());
            refuse(tasks.max() < tasks.min(), "%s has a maximum of tasks below its minimum.", region.region());
            refuse(
                    (long) tasks.min() * config.load().perTask() < config.load().peak(),
                    "%s keeps %d tasks for %d requests a second; it must carry all %d when the others are lost.",
                    region.region(),
                    tasks.min(),
                    tasks.min() * config.load().perTask(),
                    config.load().peak());
        }
    }

    private void routing() {
        refuse(
                config.routing() == Routing.FAILOVER && config.regions().size() != 2,
                "Failover routing has exactly two Regions: a primary and a secondary.");
        refuse(
                config.routing() == Routing.GLOBAL_ACCELERATOR && config.control() != Control.HEALTH_CHECK,
                "Global Accelerator does not look at health checks of Route 53, so control must be health-check.");
        refuse(
                config.control() == Control.ARC_REGION_SWITCH
                        && config.regions().size() != 2,
                "A plan of Region switch has exactly two Regions.");
        refuse(
                config.control() == Control.ARC_REGION_SWITCH && config.sql().kind() != SqlKind.AURORA_GLOBAL,
                "A plan of Region switch moves the SQL writer, so sql.kind must be aurora-global.");
        refuse(
                config.control() != Control.ARC_REGION_SWITCH
                        && !config.planChecks().isEmpty(),
                "planChecks are health checks of Region switch, so control must be arc-region-switch.");
        refuse(
                !config.planChecks().isEmpty()
                        && !config.planChecks().keySet().equals(Set.copyOf(config.regionNames())),
                "planChecks must name each Region once.");
        if (config.routing() != Routing.WEIGHTED) return;
        for (var region : config.regions()) {
            refuse(
                    region.weight() < 0 || region.weight() > 255,
                    "The weight of %s must be between 0 and 255.",
                    region.region());
        }
        refuse(
                config.regions().stream().allMatch(region -> region.weight() == 0),
                "With weighted routing one Region at least has a weight above 0.");
    }

    private void journal() {
        var witness = config.journal().witness();
        if (config.journal().consistency() == Consistency.MREC) {
            refuse(witness != null, "An MREC table has no witness.");
            return;
        }
        var participants = new ArrayList<>(config.regionNames());
        if (witness != null) participants.add(witness);
        refuse(
                participants.size() != 3,
                "An MRSC table has three Regions, or two and a witness; the journal would have %d.",
                participants.size());
        refuse(
                new HashSet<>(participants).size() != participants.size(),
                "The witness %s is a Region of the store.",
                witness);
        refuse(
                REGION_SETS.stream().noneMatch(set -> set.containsAll(participants)),
                "An MRSC table stays within one set of Regions; %s are of several.",
                String.join(", ", participants));
    }

    private void sql() {
        var sql = config.sql();
        refuse(!sql.version().matches("1[6-9]\\.\\d+"), "PostgreSQL %s is not 16 or newer.", sql.version());
        refuse(sql.capacity().size() != 2, "sql.capacity is a pair: least and most ACU.");
        if (!sentences.isEmpty()) return;
        var steps = sql.capacity().stream().allMatch(acu -> acu * 2 == Math.rint(acu * 2));
        refuse(
                !steps || sql.capacityMin() < 0.5 || sql.capacityMax() > 256 || sql.capacityMin() > sql.capacityMax(),
                "sql.capacity must be from 0.5 to 256 ACU in steps of 0.5, the least first.");
        var needed = config.tasksMax() * CONNECTIONS_OF_A_TASK;
        var allowed = connections() * CONNECTIONS_PERCENT / 100;
        refuse(
                needed > allowed,
                "%d tasks open %d connections to the SQL writer; %d are %d %% of what it takes with %s ACU.",
                config.tasksMax(),
                needed,
                allowed,
                CONNECTIONS_PERCENT,
                sql.capacityMax());
    }

    /// `max_connections` of Aurora: memory of the most ACU (2 GiB each) by 9,531,392 bytes, at most
    /// 5,000; with 0.5 ACU at least it is 2,000 (Aurora guide, *Aurora Serverless v2 maximum
    /// connections*).
    private long connections() {
        var byMemory = (long) (config.sql().capacityMax() * 2 * (1L << 30) / 9_531_392);
        return Math.min(byMemory, config.sql().capacityMin() <= 0.5 ? 2_000 : 5_000);
    }

    private void edge() {
        refuse(
                config.edge().admins().size() > ADMIN_NETWORKS_MAX,
                "edge.admins has at most %d networks.",
                ADMIN_NETWORKS_MAX);
        for (var network : config.edge().admins()) {
            var block = Cidr.of(network);
            refuse(block.isEmpty(), "The network %s in edge.admins is no CIDR.", network);
            refuse(
                    block.isPresent() && !block.get().isPrivate(),
                    "The network %s in edge.admins is not private: administrators call tasks by internal addresses.",
                    network);
        }
        refuse(
                config.edge().rate() < 100 || config.edge().rate() > 2_000_000,
                "edge.rate must be between 100 and 2,000,000 requests in five minutes.");
    }

    private void identity() {
        var identity = config.identity();
        boolean oidc = identity.kind() == IdentityKind.OIDC;
        boolean cognito = identity.kind() == IdentityKind.COGNITO;
        refuse(
                oidc && (identity.issuer() == null || identity.client() == null),
                "identity.kind oidc needs identity.issuer and identity.client: the provider, and what it calls the store.");
        refuse(
                oidc
                        && identity.issuer() != null
                        && !ISSUER.matcher(identity.issuer()).matches(),
                "identity.issuer %s must be an address that begins with https://.",
                identity.issuer());
        refuse(oidc && identity.client() != null && identity.client().isBlank(), "identity.client is empty.");
        refuse(
                !oidc && (identity.issuer() != null || identity.client() != null),
                "identity.issuer and identity.client are for identity.kind oidc.");
        refuse(
                cognito != (identity.domain() != null),
                "identity.domain is the first part of the host of Cognito's pages: identity.kind cognito needs it, the others have none.");
        // "Amazon Cognito domain" of the Cognito guide.
        refuse(
                identity.domain() != null
                        && (!identity.domain().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
                                || identity.domain().matches(".*(aws|amazon|cognito).*")),
                "identity.domain %s must have at most 63 small letters, digits and hyphens, and neither aws, amazon nor cognito.",
                identity.domain());
    }

    private void options() {
        var options = config.options();
        refuse(options.drills() && !options.alarms(), "Drills need alarms: an alarm is what stops them.");
        refuse(options.pipeline() && !options.alarms(), "The pipeline needs alarms: it bakes on them.");
        refuse(options.canaries() > 0 && !options.alarms(), "Canaries need alarms, else nobody hears of them.");
        refuse(
                options.drills() && options.canaries() == 0,
                "Drills need canaries: the one that looks at the other Region stops them.");
        refuse(
                config.control() == Control.ARC_REGION_SWITCH && !options.alarms(),
                "A plan of Region switch needs alarms.");
        refuse(options.canaries() < 0 || options.canaries() > 60, "options.canaries must be between 0 and 60 minutes.");
        refuse(!options.email().matches("[^@\\s]+@[^@\\s]+"), "options.email %s is no address.", options.email());
        refuse(options.budget() < 1, "options.budget must be positive.");
        refuse(!config.release().repository().matches("[\\w.-]+/[\\w.-]+"), "release.repository must be owner/name.");
        refuse(
                !config.release().connection().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
                "release.connection must be the id of a connection.");
        refuse(
                config.release().bake() < 5 || config.release().bake() > 1_440,
                "release.bake must be between 5 minutes and a day.");
    }
}
