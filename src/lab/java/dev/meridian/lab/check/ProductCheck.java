package dev.meridian.lab.check;

import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.replication.LabTables;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/// Checks the products that administrators change: each is as its last acknowledged change left it, also after a
/// failover.
final class ProductCheck {
    private final LabProcesses lab;
    private final Workload workload;

    ProductCheck(LabProcesses lab, Workload workload) {
        this.lab = lab;
        this.workload = workload;
    }

    void compare(Findings findings) throws SQLException {
        int writer = lab.databases().primary();
        var rows = descriptions(writer);
        findings.require(
                rows.equals(descriptions(1 - writer)),
                Violation.REGIONS_DIFFER,
                "the products of the SQL writer and the reader");
        findings.count(
                "products that administrators change",
                workload.history().products.size());
        workload.history().products.forEach((product, edits) -> {
            var found = rows.get(product);
            boolean isGood = found == null ? !edits.isAcknowledged() : edits.allows(found);
            findings.require(
                    isGood, Violation.PRODUCT_WRONG, product + " is stored as " + found + ", changes: " + edits);
        });
    }

    /// The decided changes in the journals of both Regions that the SQL writer lacks: they are yet to be applied again.
    static int missing(LabProcesses lab, Workload workload) throws SQLException {
        var prefix = "p-" + workload.run() + "-";
        var changes = new HashSet<String>();
        for (var region : lab.regions()) {
            LabTables.scan(region.dynamo(), LabTables.CATALOG_JOURNAL).values().stream()
                    .filter(entry -> entry.get("productId").s().startsWith(prefix))
                    .filter(entry -> entry.get("state").s().equals("APPLIED"))
                    .forEach(entry -> changes.add(name(
                            entry.get("productId").s(),
                            entry.get("changeKey").s().replaceFirst("~[^~]*$", ""))));
        }
        var writer = lab.databases().server(lab.databases().primary());
        try (var connection = writer.connect();
                var statement = connection.prepareStatement(
                        "SELECT product_id, change_key FROM stock_changes WHERE product_id LIKE ?")) {
            statement.setString(1, prefix + "%");
            try (var result = statement.executeQuery()) {
                while (result.next()) changes.remove(name(result.getString(1), result.getString(2)));
            }
        }
        return changes.size();
    }

    private static String name(String product, String key) {
        return product + " " + key;
    }

    private Map<String, String> descriptions(int region) throws SQLException {
        var rows = new HashMap<String, String>();
        try (var connection = lab.databases().server(region).connect();
                var statement = connection.prepareStatement("SELECT id, description FROM products WHERE id LIKE ?")) {
            statement.setString(1, "p-" + workload.run() + "-of-admin%");
            try (var result = statement.executeQuery()) {
                while (result.next()) rows.put(result.getString(1), result.getString(2));
            }
        }
        return rows;
    }
}
