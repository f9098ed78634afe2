package dev.meridian.lab.check;

import dev.meridian.lab.client.History;
import dev.meridian.lab.client.History.Created;
import dev.meridian.lab.cluster.LabRegion;
import dev.meridian.lab.replication.LabTables;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Checks what is created once per idempotency key: scores and tickets.
final class CreationCheck {
    private CreationCheck() {}

    static void scores(History history, LabRegion region, Findings findings) {
        var stored = byMark(
                LabTables.scan(region.dynamo(), LabTables.SCORES),
                "player",
                item -> item.get("score").n());
        compare(history.scores, stored, Violation.SCORE_LOST, Violation.SCORE_TWICE, findings);
    }

    static void tickets(History history, LabRegion region, Findings findings) {
        var stored = byMark(
                LabTables.scan(region.dynamo(), LabTables.TICKETS),
                "createdBy",
                item -> item.get("description").s());
        compare(history.tickets, stored, Violation.TICKET_LOST, Violation.TICKET_TWICE, findings);
    }

    static long acknowledged(Map<String, Created> created) {
        return created.values().stream().filter(Created::isAcknowledged).count();
    }

    /// The stored ids, by owner and mark.
    private static Map<String, List<String>> byMark(
            Map<String, Map<String, AttributeValue>> items,
            String owner,
            Function<Map<String, AttributeValue>, String> mark) {
        return items.values().stream()
                .filter(item -> item.containsKey(owner) && !item.get(owner).s().startsWith("#"))
                .collect(Collectors.groupingBy(
                        item -> item.get(owner).s() + " / " + mark.apply(item),
                        Collectors.mapping(item -> item.get("id").s(), Collectors.toList())));
    }

    private static void compare(
            Map<String, Created> history,
            Map<String, List<String>> stored,
            Violation lost,
            Violation twice,
            Findings findings) {
        history.forEach((key, created) -> {
            var found = stored.getOrDefault(created.owner() + " / " + created.mark(), List.of());
            findings.require(found.size() <= 1, twice, key + " is stored as " + found);
            findings.require(created.ids().size() <= 1, twice, key + " was answered as " + created.ids());
            findings.require(
                    !created.isAcknowledged() || found.containsAll(created.ids()),
                    lost,
                    key + " was answered as " + created.ids() + " and is stored as " + found);
        });
    }
}
