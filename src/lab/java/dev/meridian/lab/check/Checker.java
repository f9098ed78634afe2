package dev.meridian.lab.check;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.lab.SeededDefect;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.LabRegion;
import dev.meridian.lab.replication.ItemImages;
import dev.meridian.lab.replication.LabTables;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/// Compares the acknowledged writes with the stores of both Regions, after they have converged. It reads the
/// stores directly; it calls the services only for carts, for the report of missing orders, for the histories of
/// orders, for tickets with their changes, and to repeat requests with their keys.
public final class Checker {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /// With a defect waiting does not help: this is the time to converge before the last comparison.
    private static final Duration LIMIT_DEFECT = Duration.ofSeconds(6);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    private static final String HEARTBEATS = "#beat/";

    private final LabProcesses lab;
    private final Workload workload;
    private final History history;

    /// @param workload the run whose history is compared
    public Checker(LabProcesses lab, Workload workload) {
        this.lab = lab;
        this.workload = workload;
        this.history = workload.history();
    }

    /// Waits until every promise holds, or until the limit.
    public Verdict check() {
        long start = System.nanoTime();
        boolean hasDefect = lab.defect() != SeededDefect.NOTHING;
        long end = start + (hasDefect ? LIMIT_DEFECT : LIMIT).toNanos();
        while (true) {
            boolean isLast = System.nanoTime() > end;
            var waiting = waitingFor(start);
            if (hasDefect && waiting.isEmpty()) end = Math.min(end, System.nanoTime() + LAST_LOOK.toNanos());
            if (waiting.isEmpty() || isLast) {
                var findings = compare();
                waiting.forEach(what -> findings.violation(Violation.NOT_CONVERGED, what));
                if (findings.isClean() || isLast)
                    return new Verdict(
                            findings.isClean(),
                            findings.counts(),
                            findings.lines(),
                            Duration.ofNanos(System.nanoTime() - start));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// @param start of the check, by [System#nanoTime]
    private List<String> waitingFor(long start) {
        var waiting = new java.util.ArrayList<String>();
        if (!lab.replicator().hasCopiedUntil(start))
            waiting.add("DynamoDB replication is behind by " + lab.replicator().age());
        for (var region : lab.regions()) {
            long open = LabTables.open(region.dynamo());
            if (open > 0) waiting.add(open + " orders are open in the journal of " + region.name());
        }
        try {
            if (!lab.databases().isCaughtUp()) waiting.add("the SQL reader is behind");
            int missing = ProductCheck.missing(lab, workload);
            if (missing > 0) waiting.add(missing + " changes of products are in a journal and not on the SQL writer");
        } catch (SQLException e) {
            waiting.add("SQL: " + e.getMessage());
        }
        return waiting;
    }

    private Findings compare() {
        var findings = new Findings();
        findings.count("requests", history.requests.sum());
        findings.count("requests without a definite answer", history.unknown.sum());
        findings.count("DynamoDB calls throttled", workload.refused().throttled());
        findings.count("DynamoDB writes in conflict", workload.refused().conflicts());
        findings.count(
                "DynamoDB calls done without an answer", workload.refused().unanswered());
        try {
            new OrderCheck(lab, workload).compare(findings);
            new CheckoutCheck(lab, history).compare(findings);
            new ProductCheck(lab, workload).compare(findings);
            new AdoptionCheck(lab, workload).compare(findings);
            new CartCheck(lab, workload).compare(findings);
            for (var region : lab.regions()) compare(region, findings);
            for (var table : DynamoTable.values()) compareRegions(LabTables.name(table), findings);
        } catch (SQLException | IOException | CompletionException e) {
            findings.violation(Violation.NOT_CONVERGED, "a store cannot be read: " + e);
        }
        ask(findings);
        history.bugs.forEach(request -> findings.violation(Violation.BUG_SHOWN, request + " was answered 500"));
        history.wrongReads.forEach(read -> findings.violation(Violation.READ_WRONG, read));
        return findings;
    }

    /// Only when all else is well, since these send requests.
    private void ask(Findings findings) {
        if (!findings.isClean()) return;
        try {
            new TicketCheck(lab, history).compare(findings);
            new KeyCheck(lab, history).compare(findings);
        } catch (IOException e) {
            findings.violation(Violation.NOT_CONVERGED, "a service does not answer: " + e);
        }
    }

    private void compare(LabRegion region, Findings findings) {
        boolean isFirst = region == lab.regions().getFirst();
        likes(region, findings, isFirst);
        CreationCheck.scores(history, region, findings);
        CreationCheck.tickets(history, region, findings);
        if (!isFirst) return;
        findings.count("scores acknowledged", CreationCheck.acknowledged(history.scores));
        findings.count("tickets acknowledged", CreationCheck.acknowledged(history.tickets));
    }

    private void likes(LabRegion region, Findings findings, boolean isFirst) {
        var counts = LabTables.likes(region.dynamo());
        history.likes.forEach((subject, likes) -> {
            long counted = counts.getOrDefault(subject, 0L) - workload.likesBefore(subject);
            long least = likes.acknowledged.get();
            long most = likes.attempted.get();
            var what = subject + " in " + region.name() + ": " + counted + " likes are counted, " + least
                    + " acknowledged, " + most + " asked for";
            findings.require(counted >= least, Violation.LIKE_LOST, what);
            findings.require(counted <= most, Violation.LIKE_INVENTED, what);
            if (isFirst) findings.count("likes acknowledged", least);
            if (isFirst) findings.count("likes counted", counted);
        });
    }

    /// Heartbeats differ by the lag at any time.
    private void compareRegions(String table, Findings findings) {
        if (LabTables.strong(lab.options().mrsc()).contains(table)) return;
        var first = LabTables.scan(lab.regions().get(0).dynamo(), table);
        var second = LabTables.scan(lab.regions().get(1).dynamo(), table);
        var keys = new TreeSet<>(first.keySet());
        keys.addAll(second.keySet());
        findings.count("items equal in both Regions", keys.size());
        for (var key : keys) {
            if (key.startsWith(HEARTBEATS)) continue;
            findings.require(
                    Objects.equals(first.get(key), second.get(key)),
                    Violation.REGIONS_DIFFER,
                    table + ", " + key + ": " + ItemImages.difference(first.get(key), second.get(key)));
        }
    }
}
