package dev.meridian.lab.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.MergedUnits;
import dev.meridian.lab.client.PaidUnits;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.LabProcesses;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Checks carts as the service of each Region shows them: each line is what its edits make in their
/// sequence, and merges neither lose nor double units.
final class CartCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabProcesses lab;
    private final Workload workload;
    private final History history;

    CartCheck(LabProcesses lab, Workload workload) {
        this.lab = lab;
        this.workload = workload;
        this.history = workload.history();
    }

    void compare(Findings findings) throws IOException {
        for (var region : lab.regions()) {
            var carts = new HashMap<String, Map<String, Integer>>();
            for (var entry : history.lines.entrySet()) {
                var parts = entry.getKey().split(" / ");
                if (!carts.containsKey(parts[0])) carts.put(parts[0], cart(region.name(), parts[0]));
                int quantity = carts.get(parts[0]).getOrDefault(parts[1], 0);
                findings.require(
                        entry.getValue().allows(quantity)
                                || workload.sawClocksDiffer()
                                        && entry.getValue().isByClocks(),
                        Violation.CART_WRONG,
                        entry.getKey() + " in " + region.name() + " holds " + quantity + ", its edits make "
                                + entry.getValue());
            }
        }
        for (var region : lab.regions()) {
            for (var units : history.merges.values()) merged(region.name(), units, findings);
            for (var paid : history.payments.entrySet()) paid(region.name(), paid.getKey(), paid.getValue(), findings);
        }
        findings.count("cart lines", history.lines.size());
        findings.count(
                "units added to carts that are merged",
                history.merges.values().stream()
                        .mapToLong(units -> units.acknowledged().get())
                        .sum());
        findings.count("carts paid on pages", history.payments.size());
        findings.count(
                "cart lines with an edit without answer",
                history.lines.values().stream()
                        .filter(line -> !line.isCertain())
                        .count());
    }

    private void merged(String region, MergedUnits units, Findings findings) throws IOException {
        long found = cart(region, units.cart()).getOrDefault(units.product(), 0);
        for (var session : units.sessions()) found += cart(region, session).getOrDefault(units.product(), 0);
        long least = units.acknowledged().get();
        long most = units.attempted().get();
        findings.require(
                found >= least && found <= most,
                Violation.CART_WRONG,
                units.cart() + " and its sessions in " + region + " hold " + found + " units, " + least
                        + " acknowledged, " + most + " asked for");
    }

    /// The units of a payment that failed halfway may still be there; none of the others may be gone.
    private void paid(String region, String visitor, PaidUnits units, Findings findings) throws IOException {
        long found = cart(region, visitor).getOrDefault(units.product(), 0);
        long least = units.acknowledged().get() - units.ordered();
        long most = units.attempted().get();
        findings.require(
                found >= least && found <= most,
                Violation.CART_WRONG,
                "the cart of " + visitor + " in " + region + " holds " + found + " units, " + least + " to " + most
                        + " after the payment of " + units.order());
    }

    /// Quantities by product.
    private Map<String, Integer> cart(String region, String customer) throws IOException {
        try {
            var answer = RegionClient.send(lab, region, "GET", "/carts/" + customer + "/items", null);
            if (answer.statusCode() != 200) throw new IOException("cart of " + customer + ": " + answer.statusCode());
            var lines = new HashMap<String, Integer>();
            for (JsonNode line : JSON.readTree(answer.body()))
                lines.put(line.path("itemId").asText(), line.path("quantity").asInt());
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
