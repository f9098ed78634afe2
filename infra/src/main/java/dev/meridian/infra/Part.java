package dev.meridian.infra;

/// The kinds of stacks, in the order in which they are deployed: the only table of them. Stacks of one
/// stage need only those of earlier stages, and of the same stage what [#sequential] says.
public enum Part {
    /// VPC, subnets, NAT, gateway endpoints, ECS cluster.
    NETWORK("network", 1, 6, false, ""),
    /// The registry of images, and the image that runs.
    IMAGES("images", 1, 2, false, ""),
    /// Peering with later Regions, and the routes there.
    MESH("mesh", 2, 3, false, ""),
    /// The routes to earlier Regions.
    MESHBACK("meshback", 2, 2, false, ""),
    /// The global tables.
    TABLES("tables", 2, 10, true, "The consistency of the journal can never be changed."),
    /// Session keys and tokens of administrators.
    SECRETS("secrets", 2, 2, true, "Secrets that are deleted stay for 30 days, and their names with them."),
    /// PostgreSQL and its users.
    SQL("sql", 3, 25, true, "The owner's name and the encryption key can never be changed."),
    /// The user pool of those who sign in.
    IDENTITY("identity", 3, 3, true, "How people sign in can never be changed, and their passwords cannot be copied."),
    /// The task that brings the schema up to date.
    MIGRATE("migrate", 4, 2, false, "A migration is never taken back: the version before runs on the new schema."),
    /// Load balancer, WAF, tasks, scaling.
    SERVICE("service", 5, 8, false, ""),
    /// Routing controls or a plan of Region switch.
    CONTROL("control", 6, 4, false, ""),
    /// The Region's record and health check.
    ROUTING("routing", 7, 3, false, "Clients keep an old answer of the name server for up to a minute."),
    /// Global Accelerator.
    ACCELERATOR("accelerator", 8, 5, false, "The anycast addresses are lost with the accelerator."),
    /// Alarms, dashboards, canaries, objectives.
    WATCH("watch", 9, 5, false, ""),
    /// Canaries that look from outside.
    OBSERVER("observer", 9, 4, false, ""),
    /// Alarms on health checks, whose metrics are in one Region only.
    CHECKS("checks", 9, 2, false, ""),
    /// Documents, drills, backup, budget.
    OPERATE("operate", 10, 4, false, "A backup in a locked vault cannot be deleted before its time."),
    /// The roles of operators and of the release.
    ACCESS("access", 10, 2, false, ""),
    /// The pipeline.
    RELEASE("release", 10, 3, false, "");

    private final String id;
    private final int stage;
    private final int minutes;
    private final boolean holdsData;
    private final String lasting;

    Part(String id, int stage, int minutes, boolean holdsData, String lasting) {
        this.id = id;
        this.stage = stage;
        this.minutes = minutes;
        this.holdsData = holdsData;
        this.lasting = lasting;
    }

    /// The part of a stack's name.
    public String id() {
        return id;
    }

    /// When it is deployed: after all parts with a lower number. A configuration may lack a stage; [Plan]
    /// counts those that it has.
    public int stage() {
        return stage;
    }

    /// How long one stack takes the first time, as a guide.
    public int minutes() {
        return minutes;
    }

    /// Whether its stacks hold data: then they are protected, and what they made stays when they go.
    public boolean holdsData() {
        return holdsData;
    }

    /// What cannot be undone; empty when everything can.
    public String lasting() {
        return lasting;
    }

    /// Whether its stacks are deployed one after the other, home first.
    public boolean sequential() {
        return this == SQL || this == SERVICE || this == ROUTING;
    }
}
