package dev.meridian.lab.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.History.Likes;
import dev.meridian.lab.client.OrderAmounts;
import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.replication.LabTables;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Checks orders and what they cost: SQL, both journals, the answers, the stock and the report of missing orders.
final class OrderCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A row of `orders` with its lines.
    ///
    /// @param sum of the lines
    private record Row(
            String id,
            String customer,
            String key,
            String status,
            String reason,
            OrderAmounts amounts,
            long sum,
            Map<String, Integer> lines) {}

    private final LabProcesses lab;
    private final Workload workload;

    OrderCheck(LabProcesses lab, Workload workload) {
        this.lab = lab;
        this.workload = workload;
    }

    void compare(Findings findings) throws SQLException, IOException {
        int writer = lab.databases().primary();
        var rows = rows(writer);
        var journals = new ArrayList<Map<String, Map<String, AttributeValue>>>();
        int stores = lab.options().mrsc() ? 1 : lab.regions().size();
        for (var region : lab.regions().subList(0, stores))
            journals.add(LabTables.scan(region.dynamo(), LabTables.JOURNAL));
        var report = MissingReport.of(lab.regions().get(0), workload.history());
        findings.require(
                report.keySet()
                        .equals(MissingReport.of(lab.regions().get(1), workload.history())
                                .keySet()),
                Violation.REGIONS_DIFFER,
                "the reports of missing orders");
        var byKey = new HashMap<String, List<Row>>();
        rows.forEach(
                row -> byKey.computeIfAbsent(row.key, _ -> new ArrayList<>()).add(row));
        for (var placed : workload.history().orders.values()) {
            var found = byKey.getOrDefault(placed.key, List.of());
            findings.require(found.size() <= 1, Violation.ORDER_TWICE, placed + " is in SQL as " + found);
            findings.require(placed.ids.size() <= 1, Violation.ORDER_TWICE, placed + " has several ids");
            compare(placed, found.isEmpty() ? null : found.getFirst(), journals, report, findings);
        }
        var known = workload.history().orders.keySet();
        rows.stream()
                .filter(row -> !known.contains(row.key))
                .forEach(row -> findings.violation(Violation.ORDER_TWICE, "nobody ordered " + row));
        reported(report, findings);
        isComplete(report, findings);
        var statuses = rows.stream().collect(Collectors.toMap(Row::id, Row::status, (one, _) -> one));
        for (var region : lab.regions()) OrderHistoryCheck.compare(region, statuses, findings);
        stock(writer, rows, findings);
        findings.require(
                Set.copyOf(rows).equals(Set.copyOf(rows(1 - writer))),
                Violation.REGIONS_DIFFER,
                "the orders of the SQL writer and the reader");
    }

    private void compare(
            History.Placed placed,
            Row row,
            List<Map<String, Map<String, AttributeValue>>> journals,
            Map<String, String> report,
            Findings findings) {
        if (placed.wasRefused)
            findings.require(
                    row == null || row.status.equals("REJECTED"),
                    Violation.ORDER_CHANGED,
                    placed + " was refused and is now " + row);
        if (!placed.isAcknowledged) return;
        findings.count("orders acknowledged", 1);
        if (row == null) {
            findings.violation(Violation.ORDER_LOST, placed + " is not in SQL");
            return;
        }
        findings.count("orders " + row.status.toLowerCase(java.util.Locale.ROOT), 1);
        findings.require(placed.ids.contains(row.id), Violation.ORDER_CHANGED, placed + " is stored as " + row);
        findings.require(row.lines.equals(placed.lines), Violation.ORDER_CHANGED, placed + " has other lines: " + row);
        findings.require(
                row.sum == row.amounts.subtotal(), Violation.PRICE_WRONG, "the lines do not cost the subtotal: " + row);
        findings.require(
                Set.of(row.amounts).containsAll(placed.amounts),
                Violation.PRICE_WRONG,
                placed + " was said to cost " + placed.amounts + " and costs " + row.amounts + " in SQL");
        boolean isEnd = row.status.equals("CONFIRMED") && !placed.wasCancelled && !placed.isCancelPromised
                || row.status.equals("CANCELLED") && placed.wasCancelAsked
                || row.status.equals("REJECTED") && row.reason != null && !placed.wasCancelled;
        findings.require(isEnd, Violation.ORDER_CHANGED, placed + " has come to no good end: " + row);
        if (placed.isCancelPromised) findings.count("orders whose cancellation was kept for later", 1);
        if (placed.wasConfirmed && row.status.equals("REJECTED")) {
            findings.count("orders confirmed, then lost and rejected", 1);
            findings.require(
                    Set.of("rejected", MissingReport.DOUBTFUL).contains(String.valueOf(report.get(row.id))),
                    Violation.ORDER_NOT_REPORTED,
                    placed + " was confirmed and is now " + row + ", report: " + report.get(row.id));
        }
        for (var journal : journals) {
            var entry = journal.get(row.id);
            var state = entry == null ? null : entry.get("state").s();
            findings.require(
                    row.status.equals(state),
                    Violation.JOURNAL_WRONG,
                    placed + " is " + row.status + " in SQL and " + state + " in a journal");
            var amounts = entry == null
                    ? null
                    : OrderAmounts.ofPayload(entry.get("payload").s());
            findings.require(
                    entry == null || row.amounts.equals(amounts),
                    Violation.PRICE_WRONG,
                    placed + " costs " + row.amounts + " in SQL and " + amounts + " in a journal");
        }
    }

    private void reported(Map<String, String> report, Findings findings) {
        report.forEach((id, outcome) -> {
            if (outcome.equals(MissingReport.DOUBTFUL)) {
                findings.count("orders that may have been confirmed before the writer changed", 1);
                return;
            }
            findings.require(
                    workload.sawFailover(), Violation.ORDER_MISREPORTED, id + " is in the report without a failover");
            findings.count("orders found missing after a failover, " + outcome, 1);
            findings.require(!outcome.equals("open"), Violation.ORDER_LOST, id + " is missing and not replayed");
        });
    }

    /// What was confirmed to its customer before a failover lost it is in the report, whatever became of it. Who
    /// asked to cancel it meanwhile is left out, and who ordered it again, after the loss, in a Region that had not
    /// got the entry yet: that one takes it as new, and ends it as any order.
    private void isComplete(Map<String, String> report, Findings findings) {
        var lost = lab.databases().lost();
        for (var placed : workload.history().orders.values()) {
            if (placed.confirmedAt == 0 || placed.wasCancelAsked) continue;
            for (var id : placed.ids) {
                long lostAt = lost.getOrDefault(id, Long.MIN_VALUE);
                if (placed.confirmedAt > lostAt || placed.takenElsewhereAt > lostAt) continue;
                findings.count("orders confirmed before they were lost", 1);
                findings.require(
                        report.containsKey(id),
                        Violation.ORDER_NOT_REPORTED,
                        placed + " was lost in a failover, and is not in the report");
            }
        }
    }

    /// Exact, also after a failover: what it lost is sold and added again.
    private void stock(int writer, List<Row> rows, Findings findings) throws SQLException {
        var sold = new HashMap<String, Integer>();
        rows.stream()
                .filter(row -> row.status.equals("CONFIRMED"))
                .forEach(row -> row.lines.forEach((product, n) -> sold.merge(product, n, Integer::sum)));
        for (var product : workload.stock().entrySet()) {
            int left = ask(writer, "SELECT stock FROM products WHERE id = '" + product.getKey() + "'");
            int stored = ask(
                    writer,
                    "SELECT coalesce(sum(added), 0) FROM stock_changes WHERE product_id = '" + product.getKey() + "'");
            int units = sold.getOrDefault(product.getKey(), 0);
            var added = workload.history().restocks.getOrDefault(product.getKey(), new Likes());
            findings.require(
                    stored >= added.acknowledged.get() && stored <= added.attempted.get(),
                    Violation.STOCK_WRONG,
                    product.getKey() + " got " + stored + " units, " + added.acknowledged + " to " + added.attempted
                            + " by what was asked for");
            findings.require(
                    left >= 0 && left == product.getValue() - units + stored,
                    Violation.STOCK_WRONG,
                    product.getKey() + " has " + left + " left, " + (product.getValue() - units + stored)
                            + " by the orders and what was added");
            findings.count("units sold", units);
            findings.count("units added to the stock", added.acknowledged.get());
        }
    }

    private int ask(int writer, String query) throws SQLException {
        return Integer.parseInt(lab.databases().server(writer).ask(query));
    }

    private List<Row> rows(int region) throws SQLException {
        var rows = new ArrayList<Row>();
        try (var connection = lab.databases().server(region).connect();
                var statement = connection.prepareStatement("""
                        SELECT o.id, o.customer_id, o.idempotency_key, o.status, o.reason,
                               o.subtotal_minor, o.shipping_minor, o.tax_minor,
                               (SELECT sum(quantity * unit_minor) FROM order_lines l WHERE l.order_id = o.id),
                               (SELECT json_object_agg(product_id, quantity) FROM order_lines l WHERE l.order_id = o.id)
                        FROM orders o
                        WHERE o.id IN (SELECT order_id FROM order_lines WHERE product_id LIKE ?)""")) {
            statement.setString(1, "p-" + workload.run() + "-%");
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            result.getString(1),
                            result.getString(2),
                            result.getString(3),
                            result.getString(4),
                            result.getString(5),
                            new OrderAmounts(result.getLong(6), result.getLong(7), result.getLong(8)),
                            result.getLong(9),
                            lines(result.getString(10))));
                }
            }
        }
        return rows;
    }

    private static Map<String, Integer> lines(String json) throws SQLException {
        var lines = new HashMap<String, Integer>();
        if (json == null) return lines;
        try {
            JSON.readTree(json)
                    .properties()
                    .forEach(line -> lines.put(line.getKey(), line.getValue().asInt()));
        } catch (IOException e) {
            throw new SQLException(e);
        }
        return lines;
    }
}
