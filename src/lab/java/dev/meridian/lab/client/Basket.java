package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Placed;
import dev.meridian.lab.client.LabHttp.Answer;
import dev.meridian.shared.Ids;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The checkout of a customer who has no other, with each of its updates and what was told of them. An update makes a
/// new checkout in place of the one before, and each may become one order: a Region that does not have the last update
/// yet orders what it has.
public final class Basket {
    private final String customer;
    /// The orders that the acknowledged updates may become, in their order.
    private final List<Placed> versions = new ArrayList<>();
    /// By Region, the newest version that it has shown.
    private final Map<String, Integer> seen = new HashMap<>();
    private boolean isUncertain;

    Basket(String customer) {
        this.customer = customer;
    }

    /// Whose checkout it is.
    public String customer() {
        return customer;
    }

    /// The order that a submit of this update makes; its key is the checkout's id.
    synchronized Placed updated(Map<String, Integer> lines, Answer answer) {
        var placed = new Placed(customer, answer.body().path("paymentId").asText(), Map.copyOf(lines));
        versions.add(placed);
        seen.put(answer.region(), versions.size() - 1);
        return placed;
    }

    /// An update without a definite answer: it may come later and replace what was acknowledged.
    synchronized void unanswered() {
        isUncertain = true;
    }

    /// What the stores of both Regions hold in the end; empty when that is not certain.
    public synchronized Optional<Placed> last() {
        return isUncertain || versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }

    /// The orders that the acknowledged updates may become, in their order.
    public synchronized List<Placed> versions() {
        return List.copyOf(versions);
    }

    /// By Region, which version a request that begins now has to meet at least.
    synchronized Map<String, Integer> seen() {
        return Map.copyOf(seen);
    }

    /// A submit was answered.
    ///
    /// @param before what the Regions had shown when it began
    /// @return what is wrong with the answer, if anything is
    synchronized Optional<String> submitted(Answer answer, Map<String, Integer> before) {
        var told = answer.status() + " " + answer.state() + " " + answer.region();
        if (answer.isGood()) {
            var id = answer.body().path("orderId").asText();
            int version =
                    find(placed -> Ids.derive("order", customer, placed.key).equals(id));
            if (version >= 0)
                versions.get(version)
                        .answered(
                                answer.status(),
                                answer.status() == 201 ? "CONFIRMED" : "ACCEPTED",
                                id,
                                answer.region());
            return shown("the order " + id, version, answer, before);
        }
        if (answer.status() == 409 && answer.state().endsWith(":out-of-stock")) {
            // Which one was refused is certain when the Region has the last.
            if (before.getOrDefault(answer.region(), -1) == versions.size() - 1)
                versions.getLast().answered(answer.status(), answer.state(), null, answer.region());
            return Optional.empty();
        }
        if (answer.status() == 409)
            return Optional.of("a complete checkout is refused: " + told + " " + answer.body() + ", " + this);
        return missing(answer, before);
    }

    /// A read was answered; the rest as [#submitted].
    synchronized Optional<String> read(Answer answer, Map<String, Integer> before) {
        if (!answer.isGood()) return missing(answer, before);
        var id = answer.body().path("paymentId").asText();
        return shown("the checkout " + id, find(placed -> placed.key.equals(id)), answer, before);
    }

    private int find(Predicate<Placed> which) {
        for (int i = versions.size() - 1; i >= 0; i--) if (which.test(versions.get(i))) return i;
        return -1;
    }

    /// Whether an answer that shows a version may do so.
    private Optional<String> shown(String what, int version, Answer answer, Map<String, Integer> before) {
        if (version < 0) return Optional.of(what + " is of no known checkout: " + this);
        if (version < before.getOrDefault(answer.region(), 0))
            return Optional.of(what + " is of a replaced checkout, and " + answer.region() + " knew better: " + this);
        seen.merge(answer.region(), version, Math::max);
        return lines(answer).equals(versions.get(version).lines)
                ? Optional.empty()
                : Optional.of(what + " has other lines, " + lines(answer) + ": " + this);
    }

    /// A Region to which the checkout was not copied yet has nothing to show or to submit. That refuses no order.
    private Optional<String> missing(Answer answer, Map<String, Integer> before) {
        return answer.state().endsWith(":no-checkout") && before.containsKey(answer.region())
                ? Optional.of("a checkout is not found where it was: " + this)
                : Optional.empty();
    }

    private static Map<String, Integer> lines(Answer answer) {
        var lines = new LinkedHashMap<String, Integer>();
        answer.body()
                .path("items")
                .forEach(line -> lines.put(
                        line.path("id").asText(), line.path("quantity").asInt()));
        return lines;
    }

    @Override
    public synchronized String toString() {
        return "checkout of " + customer + ", updates " + versions + ", seen " + seen;
    }
}
