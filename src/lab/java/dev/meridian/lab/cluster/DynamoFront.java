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

/// The reverse proxy of a Region's DynamoDB Local: timestamps every write before its response, sends requests
/// for strongly consistent tables to their one store, with a round trip between Regions, and makes some of
/// the seeded defects.
final class DynamoFront implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern SHARD =
            Pattern.compile("(\"regionShard\"\\s*:\\s*\\{\\s*\"S\"\\s*:\\s*\")[a-z0-9-]+#\\d+\"");
    private static final Pattern CHECKOUT_ID =
            Pattern.compile("(\"checkoutId\"\\s*:\\s*\\{\\s*\"S\"\\s*:\\s*\")[0-9A-Z]+\"");
    private static final String JSON = "application/x-amz-json-1.0";
    private static final Set<String> WRITES =
            Set.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");

    /// Called with the table of each write, before the response goes to the writer.
    interface Written {
        void to(String table);
    }

    private final Upstream own;
    private final Upstream shared;
    private final List<String> tables;
    private final Set<String> strong;
    private final Duration roundTrip;
    private final Supplier<SeededDefect> defect;
    private final HttpListener listener;
    private volatile Written written = _ -> {};

    /// @param ownPort of this Region's store
    /// @param sharedPort of the store of the strongly consistent tables
    /// @param tables the names of all tables
    /// @param strong those that are strongly consistent
    /// @param roundTrip that their writes and consistent reads take
    DynamoFront(
            int ownPort,
            int sharedPort,
            List<String> tables,
            Set<String> strong,
            Duration roundTrip,
            Supplier<SeededDefect> defect)
            throws IOException {
        own = new Upstream(ownPort);
        shared = new Upstream(sharedPort);
        this.tables = tables;
        this.strong = strong;
        this.roundTrip = roundTrip;
        this.defect = defect;
        listener = new HttpListener(0, this::answer);
    }

    int port() {
        return listener.port();
    }

    /// Sets the observer of writes.
    void tell(Written written) {
        this.written = written;
    }

    private Message answer(Message request) throws IOException {
        var target = request.header("X-Amz-Target").orElse("");
        var operation = target.substring(target.indexOf('.') + 1);
        var body = request.text();
        var named = tables.stream()
                .filter(table -> body.contains("\"" + table + "\""))
                .toList();
        if (forgets(operation, named)) return Message.of(200, JSON, "{}");
        var sent = defect.get() == SeededDefect.SINGLE_LIKE_COUNTER
                        && operation.equals("UpdateItem")
                        && !body.contains("#regions")
                ? request.withBody(SHARD.matcher(body).replaceAll("$1all#0\""))
                : request;
        boolean isStrong = !named.isEmpty() && strong.containsAll(named);
        if (isStrong && (WRITES.contains(operation) || body.contains("\"ConsistentRead\":true"))) pause(roundTrip);
        var answer = (isStrong ? shared : own).exchange(sent, TIMEOUT);
        if (answer.status() == 200 && WRITES.contains(operation)) named.forEach(written::to);
        boolean isCheckout = operation.equals("GetItem") && named.contains(LabTables.CHECKOUTS);
        if (defect.get() == SeededDefect.CHECKOUTS_NEVER_THE_SAME && isCheckout)
            return Message.of(
                    answer.status(), JSON, CHECKOUT_ID.matcher(answer.text()).replaceAll("$1" + Ids.ulid() + "\""));
        return answer;
    }

    private static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// Whether to acknowledge a write without doing it.
    private boolean forgets(String operation, List<String> named) {
        return switch (defect.get()) {
            case JOURNAL_OFF -> operation.equals("PutItem") && named.contains(LabTables.JOURNAL);
            case ADOPTIONS_FORGOTTEN -> operation.equals("UpdateItem") && named.contains(LabTables.MYSFITS);
            default -> false;
        };
    }

    @Override
    public void close() {
        listener.close();
        own.close();
        shared.close();
    }
}
