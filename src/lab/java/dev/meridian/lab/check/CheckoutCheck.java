package dev.meridian.lab.check;

import dev.meridian.lab.client.History;
import dev.meridian.lab.client.History.Placed;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.replication.LabTables;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Checks checkouts: both Regions have the whole last acknowledged update. [OrderCheck] checks their orders.
final class CheckoutCheck {
    private final LabProcesses lab;
    private final History history;

    CheckoutCheck(LabProcesses lab, History history) {
        this.lab = lab;
        this.history = history;
    }

    void compare(Findings findings) {
        for (var region : lab.regions()) {
            var stored = LabTables.scan(region.dynamo(), LabTables.CHECKOUTS);
            for (var basket : history.baskets) {
                var last = basket.last();
                if (last.isEmpty()) continue;
                var item = stored.get(basket.customer());
                findings.require(
                        item != null && isOf(last.get(), item),
                        Violation.CHECKOUT_WRONG,
                        basket + " is stored in " + region.name() + " as " + item);
            }
        }
        findings.count(
                "checkouts acknowledged",
                history.baskets.stream()
                        .mapToLong(basket -> basket.versions().size())
                        .sum());
        findings.count(
                "orders acknowledged, of a checkout",
                history.baskets.stream()
                        .flatMap(basket -> basket.versions().stream())
                        .filter(placed -> placed.isAcknowledged)
                        .count());
    }

    private static boolean isOf(Placed update, Map<String, AttributeValue> item) {
        var lines = new HashMap<String, Integer>();
        for (var line : item.get("lines").l())
            lines.put(
                    line.m().get("productId").s(),
                    Integer.parseInt(line.m().get("quantity").n()));
        return item.get("checkoutId").s().equals(update.key) && lines.equals(update.lines);
    }
}
