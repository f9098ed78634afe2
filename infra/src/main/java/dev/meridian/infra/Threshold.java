package dev.meridian.infra;

import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;

/// When an alarm rings: the only table of thresholds, which alarms, dashboards, documents and tests read.
public enum Threshold {
    /// Share of answers 5xx, in percent, once there are more than ten a minute.
    ERRORS("5xx", Severity.PAGE, Compare.ABOVE, 1, 3, 2, Missing.GOOD),
    /// 99th percentile of the answer time, in seconds.
    LATENCY("p99", Severity.NOTE, Compare.ABOVE, 1, 5, 5, Missing.GOOD),
    /// Age of the oldest open order, in seconds.
    JOURNAL_AGE("journal-age", Severity.PAGE, Compare.ABOVE, 300, 3, 3, Missing.BAD),
    /// Open orders that cannot be settled although the stores work.
    JOURNAL_FAILING("journal-failing", Severity.PAGE, Compare.ABOVE, 0, 5, 5, Missing.BAD),
    /// Confirmed orders that a new SQL writer did not have, in a minute.
    MISSING_ORDERS("missing-orders", Severity.PAGE, Compare.ABOVE, 0, 1, 1, Missing.GOOD),
    /// The same, from the log.
    MISSING_ORDERS_LOGGED("missing-orders-logged", Severity.PAGE, Compare.ABOVE, 0, 1, 1, Missing.GOOD),
    /// Whether tasks have the SQL writer: 1 or 0.
    WRITER("sql-writer", Severity.PAGE, Compare.BELOW, 1, 3, 3, Missing.BAD),
    /// Whether tasks have an SQL reader: 1 or 0.
    READER("sql-reader", Severity.NOTE, Compare.BELOW, 1, 3, 3, Missing.BAD),
    /// Difference between the writer epochs that tasks know.
    EPOCH("writer-epoch", Severity.PAGE, Compare.ABOVE, 0, 3, 3, Missing.GOOD),
    /// Health of the Region as its tasks see it: 1 or 0.
    HEALTH("health", Severity.PAGE, Compare.BELOW, 1, 2, 2, Missing.BAD),
    /// Reports of tasks about their Region in a minute.
    HEARTBEAT("heartbeat", Severity.PAGE, Compare.BELOW, 1, 3, 3, Missing.BAD),
    /// Route 53's health check of the Region: 1 or 0.
    CHECK("check", Severity.PAGE, Compare.BELOW, 1, 2, 2, Missing.BAD),
    /// Journeys of a canary that passed, in percent.
    CANARY("canary", Severity.PAGE, Compare.BELOW, 90, 3, 2, Missing.BAD),
    /// Replication of a table to another Region, in milliseconds. A table that nobody writes reports
    /// nothing.
    TABLE_LAG("lag", Severity.NOTE, Compare.ABOVE, 5_000, 5, 3, Missing.GOOD),
    /// Replication of PostgreSQL to a Region, in milliseconds. The writer's Region reports nothing.
    SQL_LAG("sql-lag", Severity.NOTE, Compare.ABOVE, 5_000, 5, 3, Missing.GOOD),
    /// What a loss of the SQL writer would lose, in milliseconds.
    SQL_RPO("sql-rpo", Severity.NOTE, Compare.ABOVE, 30_000, 5, 3, Missing.GOOD),
    /// Throttled calls of a table in a minute.
    THROTTLES("throttles", Severity.NOTE, Compare.ABOVE, 0, 5, 3, Missing.GOOD),
    /// Calls of a table that DynamoDB failed, in a minute.
    SYSTEM_ERRORS("system-errors", Severity.NOTE, Compare.ABOVE, 0, 5, 3, Missing.GOOD),
    /// Tasks that the load balancer uses, against the configured minimum.
    HEALTHY_TASKS("healthy-tasks", Severity.NOTE, Compare.BELOW, 0, 5, 5, Missing.BAD),
    /// Tasks that run, in percent of the configured maximum.
    TASKS_MAX("tasks-max", Severity.NOTE, Compare.ABOVE, 99, 5, 5, Missing.GOOD),
    /// Capacity that PostgreSQL uses, in percent of the most.
    ACU("sql-capacity", Severity.NOTE, Compare.ABOVE, 90, 15, 10, Missing.GOOD),
    /// Days that the certificate is still valid.
    CERTIFICATE("certificate", Severity.NOTE, Compare.BELOW, 30, 1, 1, Missing.GOOD),
    /// Backups that failed.
    BACKUP("backup", Severity.NOTE, Compare.ABOVE, 0, 1, 1, Missing.GOOD);

    /// Errors a minute up to which their share does not count.
    static final int ERRORS_IGNORED = 10;

    /// Width of the band of usual traffic, in standard deviations.
    static final int TRAFFIC_DEVIATIONS = 4;

    /// Who hears of an alarm.
    public enum Severity {
        /// Somebody gets up.
        PAGE,
        /// Somebody looks at it in the morning.
        NOTE
    }

    private enum Compare {
        ABOVE,
        BELOW
    }

    private enum Missing {
        GOOD,
        BAD
    }

    private final String id;
    private final Severity severity;
    private final Compare compare;
    private final double limit;
    private final int periods;
    private final int breaching;
    private final Missing missing;

    Threshold(
            String id, Severity severity, Compare compare, double limit, int periods, int breaching, Missing missing) {
        this.id = id;
        this.severity = severity;
        this.compare = compare;
        this.limit = limit;
        this.periods = periods;
        this.breaching = breaching;
        this.missing = missing;
    }

    /// The part of the alarm's name.
    public String id() {
        return id;
    }

    /// Who hears of it.
    public Severity severity() {
        return severity;
    }

    /// The value at which nothing rings yet.
    public double limit() {
        return limit;
    }

    /// How many periods are looked at.
    public int periods() {
        return periods;
    }

    /// How many of them must be bad.
    public int breaching() {
        return breaching;
    }

    /// Whether it rings above the limit, else below.
    public boolean isAbove() {
        return compare == Compare.ABOVE;
    }

    /// Whether silence is bad.
    public boolean isMissingBad() {
        return missing == Missing.BAD;
    }

    Alarm alarm(PlatformStack stack, IMetric metric, String what) {
        return alarm(stack, id, metric, limit, what);
    }

    /// @param kind what makes it one of several, the beginning of the name
    Alarm alarm(PlatformStack stack, String kind, IMetric metric, double limit, String what) {
        return Alarm.Builder.create(stack, "Alarm-" + kind)
                .alarmName(stack.names.alarm(kind, stack.region))
                .alarmDescription(severity + ": " + what)
                .metric(metric)
                .threshold(limit)
                .comparisonOperator(
                        isAbove() ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD)
                .evaluationPeriods(periods)
                .datapointsToAlarm(breaching)
                .treatMissingData(isMissingBad() ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING)
                .build();
    }
}
