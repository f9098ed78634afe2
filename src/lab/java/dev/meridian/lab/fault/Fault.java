package dev.meridian.lab.fault;

/// The faults of the lab. [FaultGroups] knows which of them need a Region.
public enum Fault {
    KILL_SERVICE(
            "Kill the service", "The Region's service process gets SIGKILL; it comes back with HEAL.", "service-lost"),
    TERMINATE_SERVICE(
            "Stop the service",
            "The Region's service process gets SIGTERM, as in a deployment; it comes back with HEAL.",
            "deployment"),
    KILL_WRITER(
            "Kill the SQL writer",
            "The PostgreSQL primary gets SIGKILL, wherever it is. Nothing is promoted; orders are accepted meanwhile.",
            "sql-writer-lost"),
    PROMOTE(
            "Promote the SQL standby",
            "The standby becomes the writer with what it has. The old writer is killed first if it still runs.",
            "sql-writer-lost"),
    KILL_READER("Kill the SQL reader", "The PostgreSQL standby gets SIGKILL, wherever it is.", "sql-reader-lost"),
    HANG_SQL(
            "Hang SQL",
            "PostgreSQL of this Region keeps its connections and answers nobody, neither clients nor its standby.",
            "sql-slow-or-hanging"),
    SLOW_SQL("Slow SQL", "Each packet from and to PostgreSQL of this Region waits.", "sql-slow-or-hanging"),
    LOSE_SQL_ANSWERS(
            "Lose SQL's answers",
            "PostgreSQL of this Region gets all and does all; none of its answers arrive.",
            "sql-slow-or-hanging"),
    CUT_SQL("Cut SQL", "Connections to PostgreSQL of this Region are reset, from both Regions.", "sql-slow-or-hanging"),
    HANG_DYNAMO("Hang DynamoDB", "This Region's service waits for its DynamoDB in vain.", "dynamodb-impaired"),
    SLOW_DYNAMO(
            "Slow DynamoDB", "Each packet between this Region's service and its DynamoDB waits.", "dynamodb-impaired"),
    CUT_DYNAMO(
            "Cut DynamoDB",
            "This Region's service gets its connections to DynamoDB reset, old and new, as from a dead one.",
            "dynamodb-impaired"),
    THROTTLE_DYNAMO(
            "Throttle DynamoDB",
            "This Region's DynamoDB refuses some calls because there are too many, and leaves batches unfinished.",
            "dynamodb-impaired"),
    CONFLICT_DYNAMO(
            "Write conflicts in DynamoDB",
            "This Region's DynamoDB refuses some writes because another request is changing the item.",
            "dynamodb-impaired"),
    LOSE_DYNAMO_ANSWERS(
            "Lose DynamoDB's answers",
            "A part of the calls of this Region's DynamoDB are done, and their answers never arrive.",
            "dynamodb-impaired"),
    SCATTER_REPLICATION(
            "Replicate item by item",
            "Each item of this Region reaches the other one after a time of its own, up to 30 seconds.",
            "replication-frozen"),
    FREEZE_REPLICATION(
            "Freeze replication",
            "DynamoDB changes of this Region are not copied to the other one; they are when healed.",
            "replication-frozen"),
    PARTITION_REGIONS(
            "Partition the Regions",
            "Nothing passes between the Regions: no replication of either store, no SQL across.",
            "regions-partitioned"),
    SWITCHOVER(
            "Planned switchover",
            "The SQL writer is shut down cleanly, the standby waits for all of it, is promoted; the old one follows it.",
            "planned-switchover"),
    FAILOVER_LOSING_TAIL(
            "Unplanned failover, tail lost",
            "Replication to the standby stops, orders go on, the writer is killed and the standby promoted without them.",
            "unplanned-failover"),
    SPLIT_BRAIN(
            "Two SQL writers",
            "The standby is promoted while the old writer goes on. Together with a partition each Region has a writer.",
            "unplanned-failover"),
    LOSE_REGION(
            "Lose the Region",
            "Service, DynamoDB, PostgreSQL and all links of the Region are gone at once. Data comes back with HEAL.",
            "region-lost"),
    CLOCK_FAST(
            "Clock 5 s fast",
            "The Region's service is replaced by one whose clock is 5 seconds ahead. Needs libfaketime.",
            "service-lost"),
    CLOCK_SLOW(
            "Clock 5 s slow",
            "The Region's service is replaced by one whose clock is 5 seconds behind. Needs libfaketime.",
            "service-lost"),
    HOT_PRODUCT(
            "Hot product",
            "All buyers want the same product, and half of all requests are orders.",
            "sql-slow-or-hanging"),
    DRAIN("Drain the Region", "An operator takes the Region out; it serves who still comes.", "drain"),
    UNDRAIN("Undrain the Region", "An operator takes the Region in again.", "drain"),
    HEAL("Heal (failback)", "Everything is repaired; the SQL writer goes back to the first Region.", "failback");

    private final String title;
    private final String explanation;
    private final String runbook;

    Fault(String title, String explanation, String runbook) {
        this.title = title;
        this.explanation = explanation;
        this.runbook = runbook;
    }

    /// The label of its button.
    public String title() {
        return title;
    }

    String explanation() {
        return explanation;
    }

    /// The runbook for it, a page of the documentation.
    public String runbook() {
        return "docs/runbooks/" + runbook + ".md";
    }
}
