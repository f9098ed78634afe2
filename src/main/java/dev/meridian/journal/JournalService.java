package dev.meridian.journal;

import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The face of the journal. Every call may run any number of times, in many processes and Regions at once, and
/// fails with a 503 problem when DynamoDB does not answer.
@ApplicationScoped
public class JournalService {
    private final JournalRepository entries;
    private final JournalStateRepository states;
    private final JournalReportRepository report;
    private final JournalIndexRepository index;
    private final CancelRequestRepository requests;
    private final JournalUpkeepRepository upkeep;

    JournalService(
            JournalRepository entries,
            JournalStateRepository states,
            JournalReportRepository report,
            JournalIndexRepository index,
            CancelRequestRepository requests,
            JournalUpkeepRepository upkeep) {
        this.entries = entries;
        this.states = states;
        this.report = report;
        this.index = index;
        this.requests = requests;
        this.upkeep = upkeep;
    }

    /// Makes a new open entry durable, unless the order's id has an entry.
    public Uni<Accepted> accept(JournalEntry entry) {
        return entries.accept(entry);
    }

    /// Reads an entry, strongly consistent.
    ///
    /// @param orderId also the id of an [OpenEntry], which may be that of a request to cancel the order
    public Uni<Optional<JournalEntry>> find(String orderId) {
        return entries.find(orderId);
    }

    /// Reads entries, strongly consistent, in the order of their ids. Those that are not there, or that only a newer
    /// version can read, are left out. Costs one call for each.
    ///
    /// @param orderIds some 100 at most: all entries are in memory at once
    public Uni<List<JournalEntry>> findAll(List<String> orderIds) {
        return entries.findAll(orderIds);
    }

    /// The entries of a customer that are open, or were just now, newest first; which ones is eventually
    /// consistent, the entries are strongly consistent. Those that only a newer version can read are left
    /// out. Costs one call, and one for each entry.
    ///
    /// @param until leave out orders taken after this time
    /// @param limit most entries
    public Uni<List<JournalEntry>> findOpen(String customerId, Instant until, int limit) {
        return index.findOpen(customerId, until, limit).chain(entries::findAll);
    }

    /// Closes an open entry. It stays open if another request made it, or if a cancellation that may still be
    /// running reopened it. When the same request made it at another time or in another Region, its content
    /// becomes that of `end`, at the cost of a second call. An entry whose order is to be cancelled is not closed
    /// as confirmed.
    ///
    /// @param end the entry in its closed state
    /// @param reopenedBefore only entries that were not reopened, or were reopened before this time
    /// @param isReplay whether a new SQL writer lacked the order before
    /// @return whether this call closed the entry
    public Uni<Boolean> close(JournalEntry end, Instant reopenedBefore, boolean isReplay) {
        return states.close(end, reopenedBefore, isReplay);
    }

    /// As [#close], and puts the entry into the report of [#missing] in the same write.
    ///
    /// @param note why, as text for people
    public Uni<Boolean> closeAndReport(JournalEntry end, Instant reopenedBefore, String note) {
        return report.closeAndReport(end, reopenedBefore, note);
    }

    /// Opens a confirmed entry again; it keeps the time of its confirmation. From then on SQL decides the state of
    /// the order, even if this process crashes.
    ///
    /// @return the entry as it was before; empty when there is none
    public Uni<Optional<JournalEntry>> reopen(String orderId) {
        return states.reopen(orderId);
    }

    /// Makes durable that an order is to be cancelled: as an open entry of its own, and as a mark of the order's
    /// entry if that is open. The entry of its own is there since another Region that has not received the mark
    /// yet may close the entry; then the later write of the two stands, whole. Costs two calls.
    ///
    /// @param entry the order's entry, in whichever state it was read
    /// @return the order's entry as it is now; empty when there is none
    public Uni<Optional<JournalEntry>> requestCancel(JournalEntry entry) {
        return requests.put(entry).chain(() -> states.requestCancel(entry.orderId()));
    }

    /// Ends a request to cancel, when SQL has cancelled or rejected the order.
    public Uni<Void> endCancelRequest(String orderId) {
        return requests.delete(orderId);
    }

    /// Stores an entry in place of an open or absent one. A cancelled entry is final, so it replaces any
    /// other whose state this version knows. The attributes of a failover in the stored entry stay.
    public Uni<Void> overwrite(JournalEntry entry) {
        return states.overwrite(entry);
    }

    /// Opens a confirmed entry again because a new SQL writer lacks its order, and puts it into the report of
    /// [#missing], in one write.
    ///
    /// @param orderId the order's id
    /// @param payloadHash of the entry that was read; an entry of another request stays as it is
    /// @return whether this call opened the entry
    public Uni<Boolean> markMissing(String orderId, String payloadHash) {
        return report.markMissing(orderId, payloadHash);
    }

    /// Puts an entry into the report of [#missing] again, in whatever state it is, unless it is there.
    public Uni<Void> report(String orderId, JournalEntry.Missing missing) {
        return report.report(orderId, missing);
    }

    /// Puts an entry into the report of [#missing] whose order was confirmed before, and is open again or
    /// confirmed. Does nothing when it is there already.
    ///
    /// @param confirmedAt when the order was confirmed
    /// @return whether this call did it
    public Uni<Boolean> markLost(String orderId, String payloadHash, Instant confirmedAt) {
        return report.markLost(orderId, payloadHash, confirmedAt);
    }

    /// Replaces an entry with what SQL has, because SQL contradicts it, and puts it into the report of
    /// [#missing].
    ///
    /// @param seen the state in which the entry was read; when it has changed since, nothing is done
    /// @param fromSql the entry as SQL has it
    /// @param note the difference, as text for people
    /// @return whether this call replaced the entry
    public Uni<Boolean> replaceWithSql(JournalEntry.State seen, JournalEntry fromSql, String note) {
        return report.replaceWithSql(seen, fromSql, note);
    }

    /// How many partitions the indexes of open and of closed entries have. Their numbers start at 0.
    public int shards() {
        return entries.shards();
    }

    /// Open entries of one partition, oldest first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    public Uni<Page<OpenEntry>> open(int shard, Optional<String> after, int limit) {
        return index.open(shard, after, limit);
    }

    /// How many open entries one partition has; eventually consistent.
    ///
    /// @param limit where counting ends
    public Uni<Integer> countOpen(int shard, int limit) {
        return index.countOpen(shard, limit);
    }

    /// Entries of one partition that were closed from one time to another, oldest first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    public Uni<Page<ClosedEntry>> closed(int shard, Instant since, Instant until, Optional<String> after, int limit) {
        return index.closed(shard, since, until, after, limit);
    }

    /// Entries whose order a new SQL writer lacked or contradicted, or may have lacked, newest find first;
    /// eventually consistent. They stay in this list.
    ///
    /// @param after the cursor of the page before
    /// @throws ProblemException 400 when the cursor is not one of this list
    public Uni<Page<MissingEntry>> missing(Optional<String> after, int limit) {
        return index.missing(after, limit);
    }

    /// Entries of one partition that were closed before a time, oldest first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    public Uni<Page<ClosedEntry>> closedBefore(int shard, Instant before, Optional<String> after, int limit) {
        return upkeep.closedBefore(shard, before, after, limit);
    }

    /// Deletes an entry that was closed before a time and still has the state that was read. SQL must have it.
    ///
    /// @return whether it is deleted
    public Uni<Boolean> delete(ClosedEntry entry, Instant before) {
        return upkeep.delete(entry, before);
    }

    /// Takes a customer out of an entry that was closed before a time: the id, the key, and a part of the content.
    ///
    /// @param anonymousId in place of the customer
    /// @param content makes the new content of the old one
    /// @return whether nothing of the customer is left in it; false for an entry that is open, or was closed later
    public Uni<Boolean> anonymize(
            String orderId, String customerId, String anonymousId, Instant before, UnaryOperator<Payload> content) {
        return upkeep.anonymize(orderId, customerId, anonymousId, before, content);
    }
}
