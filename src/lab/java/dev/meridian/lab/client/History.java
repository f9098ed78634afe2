package dev.meridian.lab.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The requests and responses of all clients in one run.
///
/// Only 2xx to 4xx is a definite response: after a 5xx, a broken connection or a timeout it is unknown whether
/// the request took effect.
public final class History {
    /// Likes of one subject: requests sent, and requests acknowledged.
    public static final class Likes {
        /// Requests that were sent.
        public final AtomicLong attempted = new AtomicLong();
        /// Requests that were answered 2xx.
        public final AtomicLong acknowledged = new AtomicLong();
    }

    /// A score or a ticket, which is created once per idempotency key.
    ///
    /// @param owner the player, or the creator of the ticket
    /// @param mark identifies it: the score's value, the ticket's text
    /// @param ids from the responses; more than one is a broken promise
    /// @param path and body of the request
    public record Created(String owner, String mark, String path, String body, Set<String> ids) {
        Created(String owner, String mark, String path, String body) {
            this(owner, mark, path, body, ConcurrentHashMap.newKeySet());
        }

        /// Whether it was answered with an id.
        public boolean isAcknowledged() {
            return !ids.isEmpty();
        }
    }

    /// An order under its key, which is the id of its checkout if it has one.
    public static final class Placed {
        /// The customer.
        public final String customer;
        /// The idempotency key.
        public final String key;
        /// Quantity by product.
        public final Map<String, Integer> lines;
        /// The ids from the responses; more than one is a broken promise.
        public final Set<String> ids = new HashSet<>();
        /// What it costs, from the responses that no store may contradict.
        public final Set<OrderAmounts> amounts = new HashSet<>();
        /// Responses in order: `200 CONFIRMED eu-west-1`.
        final List<String> answers = new ArrayList<>();
        /// The Region whose DynamoDB took it first.
        String region;
        /// A response was 2xx.
        public boolean isAcknowledged;
        /// A response said CONFIRMED.
        public boolean wasConfirmed;
        /// A response was 409.
        public boolean wasRefused;
        /// A cancellation was sent, and may have taken effect.
        public boolean wasCancelAsked;
        /// A cancellation was answered 200.
        public boolean wasCancelled;
        /// A cancellation was answered 202.
        public boolean isCancelPromised;
        /// The request that anybody with its key may send again; null for an order of a checkout.
        public final String body;
        /// When a response to an order first said CONFIRMED, by [System#nanoTime]; 0 when none did.
        public long confirmedAt;
        /// The Region that said so first.
        private String confirmedIn;
        /// When another Region last answered this order with 2xx since then, by [System#nanoTime]; 0 when none did.
        public long takenElsewhereAt;

        /// An order of a checkout.
        Placed(String customer, String key, Map<String, Integer> lines) {
            this(customer, key, lines, null);
        }

        Placed(String customer, String key, Map<String, Integer> lines, String body) {
            this.customer = customer;
            this.key = key;
            this.lines = lines;
            this.body = body;
        }

        synchronized void answered(int status, String state, String id, String region) {
            answers.add(status + " " + state + " " + region);
            if (id != null && !id.isEmpty()) ids.add(id);
            if (status / 100 == 2) {
                if (this.region == null) this.region = region;
                isAcknowledged = true;
                wasConfirmed |= state.equals("CONFIRMED");
                taken(state, region);
            }
            wasRefused |= status == 409;
        }

        private void taken(String state, String region) {
            if (confirmedAt != 0) {
                if (!region.equals(confirmedIn)) takenElsewhereAt = System.nanoTime();
            } else if (state.equals("CONFIRMED")) {
                confirmedAt = System.nanoTime();
                confirmedIn = region;
            }
        }

        /// The amounts in a response. Those of an order that is only accepted may be of a Region that has not got
        /// the entry yet, unless a checkout fixes them.
        synchronized void costs(OrderAmounts told, boolean isFixed) {
            if (isFixed) amounts.add(told);
        }

        synchronized void cancelled(int status, String region) {
            answers.add("cancel " + status + " " + region);
            wasCancelAsked |= status < 400 || status >= 500;
            wasCancelled |= status == 200;
            isCancelPromised |= status == 202;
        }

        synchronized void read(int status, String state, String region) {
            answers.add("read " + status + " " + state + " " + region);
            wasConfirmed |= state.equals("CONFIRMED");
        }

        @Override
        public synchronized String toString() {
            return "order " + ids + " of " + customer + " with key " + key + ", told " + answers;
        }
    }

    /// By subject.
    public final Map<String, Likes> likes = new ConcurrentHashMap<>();
    /// By idempotency key; for an order from a checkout this is the checkout's id.
    public final Map<String, Placed> orders = new ConcurrentHashMap<>();
    /// By mysfit.
    public final Map<String, Adoption> adoptions = new ConcurrentHashMap<>();
    /// Checkouts, one for each customer who has one.
    public final ConcurrentLinkedQueue<Basket> baskets = new ConcurrentLinkedQueue<>();
    /// By customer and product.
    public final Map<String, CartLine> lines = new ConcurrentHashMap<>();
    /// By client.
    public final Map<String, MergedUnits> merges = new ConcurrentHashMap<>();
    /// Units of what was paid on pages, by visitor.
    public final Map<String, PaidUnits> payments = new ConcurrentHashMap<>();
    /// By product.
    public final Map<String, ProductEdits> products = new ConcurrentHashMap<>();
    /// Units that administrators added to the stock, by product.
    public final Map<String, Likes> restocks = new ConcurrentHashMap<>();
    /// By idempotency key.
    public final Map<String, Created> scores = new ConcurrentHashMap<>();
    /// By idempotency key.
    public final Map<String, Created> tickets = new ConcurrentHashMap<>();
    /// By ticket.
    public final Map<String, TicketEdits> ticketEdits = new ConcurrentHashMap<>();
    /// Responses that no state of the stores explains.
    public final ConcurrentLinkedQueue<String> wrongReads = new ConcurrentLinkedQueue<>();

    /// Requests sent, retries included.
    public final LongAdder requests = new LongAdder();
    final LongAdder reads = new LongAdder();
    final LongAdder cartEdits = new LongAdder();
    /// Requests without a definite response.
    public final LongAdder unknown = new LongAdder();
    /// Answers 500, each a bug: a store that is away, throttles or has conflicts is a 503.
    public final ConcurrentLinkedQueue<String> bugs = new ConcurrentLinkedQueue<>();
    final LongAdder refused = new LongAdder();

    /// The sums, for display.
    public Counters counters() {
        return new Counters(
                requests.sum(),
                orders.values().stream().filter(order -> order.isAcknowledged).count(),
                orders.values().stream()
                        .filter(order -> order.isAcknowledged && !order.wasConfirmed)
                        .count(),
                likes.values().stream().mapToLong(l -> l.acknowledged.get()).sum(),
                cartEdits.sum(),
                scores.values().stream().filter(Created::isAcknowledged).count(),
                tickets.values().stream().filter(Created::isAcknowledged).count(),
                reads.sum(),
                unknown.sum(),
                refused.sum());
    }
}
