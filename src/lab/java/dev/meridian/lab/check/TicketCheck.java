package dev.meridian.lab.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.client.TicketEdits;
import dev.meridian.lab.cluster.LabProcesses;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks changes of tickets, as the services tell them: none that was acknowledged has vanished, the latest one is the
/// state, and both Regions tell the same.
final class TicketCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> STATE = List.of("assigned", "status", "priority", "description");
    /// Nobody works on a ticket that is new.
    private static final Map<String, Integer> AS_CREATED = Map.of("", 1);

    private final LabProcesses lab;
    private final History history;

    TicketCheck(LabProcesses lab, History history) {
        this.lab = lab;
        this.history = history;
    }

    /// A ticket in one Region.
    private record Told(JsonNode ticket, JsonNode changes) {}

    void compare(Findings findings) throws IOException {
        for (var ticket : history.ticketEdits.entrySet()) {
            var first = told(lab.regionNames().getFirst(), ticket.getKey());
            compare(ticket.getKey(), first, ticket.getValue(), findings);
            findings.require(
                    first.equals(told(lab.regionNames().getLast(), ticket.getKey())),
                    Violation.REGIONS_DIFFER,
                    "ticket " + ticket.getKey() + " and its changes");
        }
    }

    private static void compare(String id, Told told, TicketEdits edits, Findings findings) {
        var found = new HashMap<String, Integer>();
        for (var change : told.changes) found.merge(change.path("assigned").asText(), 1, Integer::sum);
        var asked = edits.acknowledged();
        asked.forEach((mark, times) -> {
            findings.require(
                    found.getOrDefault(mark, 0) >= times,
                    Violation.TICKET_CHANGE_LOST,
                    "the change " + mark + " of ticket " + id + " was answered " + times + " times, it has " + found);
            findings.count("changes of tickets acknowledged", times);
        });
        found.keySet().removeAll(asked.keySet());
        findings.require(
                found.equals(AS_CREATED),
                Violation.TICKET_CHANGE_WRONG,
                "ticket " + id + " has changes that nobody made: " + found);
        var latest = told.changes.path(0);
        boolean isLatest =
                STATE.stream().allMatch(name -> told.ticket.path(name).equals(latest.path(name)));
        findings.require(
                isLatest && told.ticket.path("version").asInt() >= told.changes.size(),
                Violation.TICKET_CHANGE_WRONG,
                "ticket " + id + " is " + told.ticket + ", and its changes are " + told.changes);
    }

    private Told told(String region, String id) throws IOException {
        return new Told(get(region, "/ticket/" + id), get(region, "/ticket/" + id + "/changes?limit=100"));
    }

    private JsonNode get(String region, String path) throws IOException {
        try {
            var answer = RegionClient.send(lab, region, "GET", path, null);
            if (answer.statusCode() != 200)
                throw new IOException(path + " in " + region + " is answered " + answer.statusCode());
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
