package dev.meridian.journal;

import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The face of the journal. Every call may run any number of times, in many processes and Regions at once, and
/// fails with a 503 problem when DynamoDB does not answer.
@ApplicationScoped
public class JournalService {
    private final JournalRepository entries;
    private final JournalIndexRepository index;

    JournalService(JournalRepository entries, JournalIndexRepository index) {
        this.entries = entries;
        this.index = index;
    }

    /// Makes a new open entry durable, unless the order's id has an entry.
    public Uni<Accepted> accept(JournalEntry entry) {
        return entries.accept(entry);
    }

    /// Reads an entry, strongly consistent.
    public Uni<Optional<JournalEntry>> find(String orderId) {
        return entries.find(orderId);
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
    /// becomes that of `end`, at the cost of a second call.
    ///
    /// @param end the entry in its closed state
    /// @param reopenedBefore only entries that were not reopened, or were reopened before this time
    /// @return whether this call closed the entry
    public Uni<Boolean> close(JournalEntry end, Instant reopenedBefore) {
        return entries.close(end, reopenedBefore);
    }

    /// Opens a confirmed entry again. From then on SQL decides the state of the order, even if this process
    /// crashes.
    ///
    /// @return the entry as it was before; empty when there is none
    public Uni<Optional<JournalEntry>> reopen(String orderId) {
        return entries.reopen(orderId);
    }

    /// Stores an entry in place of an open or absent one. A cancelled entry is final, so it replaces any
    /// other whose state this version knows. The attributes of a failover in the stored entry stay.
    public Uni<Void> overwrite(JournalEntry entry) {
        return entries.overwrite(entry);
    }

    /// Opens a confirmed entry again because a new SQL writer lacks its order, and puts it into the report of
    /// [#missing], in one write.
    ///
    /// @param orderId the order's id
    /// @param payloadHash of the entry that was read; an entry of another request stays as it is
    /// @return whether this call opened the entry
    public Uni<Boolean> markMissing(String orderId, String payloadHash) {
        return entries.markMissing(orderId, payloadHash);
    }

    /// Replaces an entry with what SQL has, because SQL contradicts it, and puts it into the report of
    /// [#missing].
    ///
    /// @param seen the state in which the entry was read; when it has changed since, nothing is done
    /// @param fromSql the entry as SQL has it
    /// @param note the difference, as text for people
    /// @return whether this call replaced the entry
    public Uni<Boolean> replaceWithSql(JournalEntry.State seen, JournalEntry fromSql, String note) {
        return entries.replaceWithSql(seen, fromSql, note);
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

    /// Entries of one partition that were closed at or after a time, oldest first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    public Uni<Page<ClosedEntry>> closed(int shard, Instant since, Optional<String> after, int limit) {
        return index.closed(shard, since, after, limit);
    }

    /// Entries whose order a new SQL writer lacked or contradicted, newest find first; eventually consistent.
    /// They stay in this list.
    ///
    /// @param after the cursor of the page before
    /// @throws ProblemException 400 when the cursor is not one of this list
    public Uni<Page<MissingEntry>> missing(Optional<String> after, int limit) {
        return index.missing(after, limit);
    }
}
