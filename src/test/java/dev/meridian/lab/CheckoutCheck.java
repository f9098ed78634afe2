package dev.meridian.lab;

import dev.meridian.lab.History.Placed;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The part of the checker that is about checkouts: in both Regions the last acknowledged update stands, whole. The
/// orders that come of them are checked with all others.
final class CheckoutCheck {
    private final TwoRegions lab;
    private final History history;

    CheckoutCheck(TwoRegions lab, History history) {
        this.lab = lab;
        this.history = history;
    }

    void compare(Findings findings) {
        for (var site : lab.sites()) {
            var stored = LabTables.scan(site.dynamo(), LabTables.CHECKOUTS);
            for (var basket : history.baskets) {
                var last = basket.last();
                if (last.isEmpty()) continue;
                var item = stored.get(basket.customer());
                findings.require(
                        item != null && isOf(last.get(), item),
                        Violation.CHECKOUT_WRONG,
                        basket + " is stored in " + site.region() + " as " + item);
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
