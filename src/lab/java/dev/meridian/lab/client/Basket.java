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

/// The only checkout of a customer, with its updates and their responses. Each update replaces the checkout
/// with a new one, and each may become one order: a Region without the last update orders the version that it
/// has, unless the submit names the checkout.
public final class Basket {
    private final String customer;
    /// The orders that the acknowledged updates may become, in the order of the updates.
    private final List<Placed> versions = new ArrayList<>();
    /// The newest version that each Region's DynamoDB has shown.
    private final Map<String, Integer> seen = new HashMap<>();
    private boolean isUncertain;
    private String lastTotal;

    Basket(String customer) {
        this.customer = customer;
    }

    /// The customer of the checkout.
    public String customer() {
        return customer;
    }

    /// The order that a submit of this update makes; its key is the checkout's id.
    synchronized Placed updated(Map<String, Integer> lines, Answer answer) {
        var placed = new Placed(customer, answer.body().path("paymentId").asText(), Map.copyOf(lines));
        versions.add(placed);
        lastTotal = answer.body().path("total").asText();
        seen.put(answer.replica(), versions.size() - 1);
        return placed;
    }

    /// The body of a submit that names the last update.
    synchronized String agreement() {
        return "{\"checkoutId\":\"" + versions.getLast().key + "\",\"total\":" + lastTotal + "}";
    }

    /// An update without a definite response: it may be applied later and replace an acknowledged one.
    synchronized void unanswered() {
        isUncertain = true;
    }

    /// The version that both Regions must store in the end; empty when it is uncertain.
    public synchronized Optional<Placed> last() {
        return isUncertain || versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }

    /// The orders that the acknowledged updates may become, in the order of the updates.
    public synchronized List<Placed> versions() {
        return List.copyOf(versions);
    }

    /// The oldest version that each Region may show to a request that begins now.
    synchronized Map<String, Integer> seen() {
        return Map.copyOf(seen);
    }

    /// Records the response to a submit.
    ///
    /// @param isNamed whether it named the last update
    /// @param before the versions that the Regions had shown when the request began
    /// @return the error in the response, if any
    synchronized Optional<String> submitted(Answer answer, boolean isNamed, Map<String, Integer> before) {
        var told = answer.status() + " " + answer.state() + " " + answer.replica();
        if (answer.isGood()) {
            var id = answer.body().path("orderId").asText();
            int version =
                    find(placed -> Ids.derive("order", customer, placed.key).equals(id));
            if (version >= 0) {
                versions.get(version)
                        .answered(
                                answer.status(),
                                answer.status() == 201 ? "CONFIRMED" : "ACCEPTED",
                                id,
                                answer.replica());
                versions.get(version).costs(OrderAmounts.ofAnswer(answer.body()), true);
            }
            if (isNamed && version != versions.size() - 1)
                return Optional.of("the order " + id + " is not of the checkout that was named: " + this);
            return shown("the order " + id, version, answer, before);
        }
        boolean isKnown = before.getOrDefault(answer.replica(), -1) == versions.size() - 1;
        if (isOther(answer))
            return isNamed && !isKnown
                    ? Optional.empty()
                    : Optional.of("the only checkout is called another one: " + told + ", " + this);
        if (answer.status() == 409 && answer.state().endsWith(":out-of-stock")) {
            // Else the refused version is not known.
            if (isNamed || isKnown)
                versions.getLast().answered(answer.status(), answer.state(), null, answer.replica());
            return Optional.empty();
        }
        if (answer.status() == 409)
            return Optional.of("a complete checkout is refused: " + told + " " + answer.body() + ", " + this);
        return missing(answer, before);
    }

    /// Whether a Region has not got the named checkout yet. That does not reject an order.
    static boolean isOther(Answer answer) {
        return answer.status() == 409 && answer.state().endsWith(":checkout-changed");
    }

    /// Records the response to a read; parameters as in [#submitted].
    synchronized Optional<String> read(Answer answer, Map<String, Integer> before) {
        if (!answer.isGood()) return missing(answer, before);
        var id = answer.body().path("paymentId").asText();
        return shown("the checkout " + id, find(placed -> placed.key.equals(id)), answer, before);
    }

    private int find(Predicate<Placed> which) {
        for (int i = versions.size() - 1; i >= 0; i--) if (which.test(versions.get(i))) return i;
        return -1;
    }

    /// Checks that a response may show this version.
    private Optional<String> shown(String what, int version, Answer answer, Map<String, Integer> before) {
        if (version < 0) return Optional.of(what + " is of no known checkout: " + this);
        if (version < before.getOrDefault(answer.replica(), 0))
            return Optional.of(what + " is of a replaced checkout, and " + answer.replica() + " knew better: " + this);
        seen.merge(answer.replica(), version, Math::max);
        return lines(answer).equals(versions.get(version).lines)
                ? Optional.empty()
                : Optional.of(what + " has other lines, " + lines(answer) + ": " + this);
    }

    /// A Region without the checkout yet has nothing to show or submit. That does not reject an order.
    private Optional<String> missing(Answer answer, Map<String, Integer> before) {
        return answer.state().endsWith(":no-checkout") && before.containsKey(answer.replica())
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
