package dev.meridian.lab.cluster;

import dev.meridian.lab.SeededDefect;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.shared.Ids;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The reverse proxy of a Region's local DynamoDB: timestamps every write before its response, sends requests
/// for strongly consistent tables to their one store, refuses calls ([Refusals]), and makes some of the seeded
/// defects.
final class DynamoFront implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern SHARD =
            Pattern.compile("(\"regionShard\"\\s*:\\s*\\{\\s*\"S\"\\s*:\\s*\")[a-z0-9-]+#\\d+\"");
    private static final Pattern CHECKOUT_ID =
            Pattern.compile("(\"checkoutId\"\\s*:\\s*\\{\\s*\"S\"\\s*:\\s*\")[0-9A-Z]+\"");
    /// In the payload of a journal entry: JSON as text in JSON.
    private static final Pattern TAX = Pattern.compile("(\\\\\"taxMinor\\\\\"\\s*:\\s*)\\d+");
    private static final Pattern CANCELLED =
            Pattern.compile("(\":?state\"\\s*:\\s*\\{\\s*\"S\"\\s*:\\s*\")CANCELLED\"");
    /// An edit of a cart line up to its key, and the key.
    private static final Pattern EDIT = Pattern.compile("([EF] [1-9]\\d{9,} -?\\d+ )[^ \"\\\\]+");
    /// The condition of the first write of an item of a cart.
    private static final String NO_ITEM = "attribute_not_exists(customerId)";
    private static final List<String> TABLES = LabTables.all();
    static final Set<String> WRITES =
            Set.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");

    /// Called with the table of each write, before the response goes to the writer.
    interface Written {
        void to(String table);
    }

    private final String region;
    private final Upstream own;
    private final StrongTables strong;
    private final Supplier<SeededDefect> defect;
    private final Refusals refusals;
    private final HttpListener listener;
    private volatile Written written = _ -> {};
    private volatile StoreCalls watch = StoreCalls.PASS;

    /// @param region whose front it is
    /// @param ownPort of this Region's store
    /// @param strong the strongly consistent tables, of both Regions
    DynamoFront(String region, int ownPort, StrongTables strong, Supplier<SeededDefect> defect) throws IOException {
        this.region = region;
        own = new Upstream(ownPort);
        this.strong = strong;
        this.defect = defect;
        refusals = new Refusals(region.hashCode());
        listener = new HttpListener(0, this::answer);
    }

    int port() {
        return listener.port();
    }

    /// Sets the observer of writes.
    void tell(Written written) {
        this.written = written;
    }

    /// Sets who sees the calls.
    void watch(StoreCalls watch) {
        this.watch = watch;
    }

    /// The calls that it refuses.
    Refusals refusals() {
        return refusals;
    }

    private Message answer(Message request) throws IOException {
        var target = request.header("X-Amz-Target").orElse("");
        var operation = target.substring(target.indexOf('.') + 1);
        return refusals.answer(operation, request, sent -> pass(operation, sent));
    }

    private Message pass(String operation, Message request) throws IOException {
        var body = request.text();
        var named = TABLES.stream()
                .filter(table -> body.contains("\"" + table + "\""))
                .toList();
        if (forgets(operation, named)) return Message.of(200, DynamoErrors.JSON, "{}");
        var sent = changed(operation, named, body, request);
        var call = operation + " " + String.join(", ", named);
        watch.asked(call, body);
        var answer = strong.hold(named) ? strong.exchange(region, operation, sent) : own.exchange(sent, TIMEOUT);
        if (answer.status() == 200 && WRITES.contains(operation)) named.forEach(written::to);
        watch.answered(call, body);
        boolean isCheckout = operation.equals("GetItem") && named.contains(LabTables.CHECKOUTS);
        if (defect.get() == SeededDefect.CHECKOUTS_NEVER_THE_SAME && isCheckout)
            return Message.of(
                    answer.status(),
                    DynamoErrors.JSON,
                    CHECKOUT_ID.matcher(answer.text()).replaceAll("$1" + Ids.ulid() + "\""));
        return answer;
    }

    private Message changed(String operation, List<String> named, String body, Message request) {
        return switch (defect.get()) {
            case SINGLE_LIKE_COUNTER ->
                operation.equals("UpdateItem") && !body.contains("#regions")
                        ? request.withBody(SHARD.matcher(body).replaceAll("$1all#0\""))
                        : request;
            case JOURNAL_DEARER ->
                operation.equals("PutItem") && named.contains(LabTables.JOURNAL)
                        ? request.withBody(TAX.matcher(body).replaceAll("$177"))
                        : request;
            case CANCELLED_AS_CONFIRMED ->
                named.contains(LabTables.JOURNAL)
                        ? request.withBody(CANCELLED.matcher(body).replaceAll("$1CONFIRMED\""))
                        : request;
            case REPORT_FORGETS ->
                WRITES.contains(operation) && named.contains(LabTables.JOURNAL)
                        ? request.withBody(body.replace("recoveryShard =", "forgottenShard =")
                                .replace("\"recoveryShard\":", "\"forgottenShard\":"))
                        : request;
            case CART_KEYS_FORGOTTEN ->
                WRITES.contains(operation) && named.contains(LabTables.CARTS)
                        ? request.withBody(EDIT.matcher(body).replaceAll(edit -> edit.group(1) + Ids.ulid()))
                        : request;
            case ONE_CART_ITEM ->
                WRITES.contains(operation) && named.contains(LabTables.CARTS)
                        ? request.withBody(body.replace("#us-east-1\"", "#eu-west-1\"")
                                .replace("\"version = :seen\"", "\"version = :seen OR version <> :seen\"")
                                .replace(NO_ITEM + "\"", NO_ITEM + " OR attribute_exists(customerId)\""))
                        : request;
            default -> request;
        };
    }

    /// Whether to acknowledge a write without doing it.
    private boolean forgets(String operation, List<String> named) {
        return switch (defect.get()) {
            case JOURNAL_OFF -> operation.equals("PutItem") && named.contains(LabTables.JOURNAL);
            case ADOPTIONS_FORGOTTEN -> operation.equals("UpdateItem") && named.contains(LabTables.MYSFITS);
            case TICKET_CHANGES_FORGOTTEN -> operation.equals("PutItem") && named.contains(LabTables.TICKET_CHANGES);
            default -> false;
        };
    }

    @Override
    public void close() {
        listener.close();
        own.close();
    }
}
