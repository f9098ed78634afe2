package dev.meridian.sqlpool;

import java.util.List;
import java.util.Optional;

/// Keeps out every candidate but the one that operators have named as the writer, whatever the servers report. Each
/// change of the name has a higher number, the epoch. It works where servers have no timeline, and for a process
/// that has never reached the new writer.
final class EpochFence {
    private static final String UNREAD = "The writer epoch has not been read yet.";
    private static final String ELSEWHERE =
            "The writer epoch names a server that is not among the candidates of this process.";

    private final List<String> candidates;
    /// 0 while none was set: every candidate is admitted.
    private long epoch;

    private String writer = "";
    private boolean isHeld;

    /// @param candidates host and port of each, as configured
    EpochFence(List<String> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    List<String> candidates() {
        return candidates;
    }

    /// Admits nobody until the epoch is known.
    synchronized void hold() {
        isHeld = true;
    }

    /// Admits candidates although the epoch is not known.
    ///
    /// @return whether nobody was admitted until now
    synchronized boolean release() {
        boolean wasHeld = isHeld;
        isHeld = false;
        return wasHeld;
    }

    synchronized boolean admits(String candidate) {
        return !isHeld && (epoch == 0 || writer.equalsIgnoreCase(candidate));
    }

    /// Takes note of the epoch; an older one changes nothing. Of two writers of one epoch, which two Regions
    /// may set at once, the later one stands: the one that the table has.
    ///
    /// @param read 0 when none was set
    /// @return whether anything has changed
    synchronized boolean raiseTo(long read, String named) {
        isHeld = false;
        if (read == 0 || read < epoch || read == epoch && writer.equalsIgnoreCase(named)) return false;
        epoch = read;
        writer = named;
        return true;
    }

    synchronized long epoch() {
        return epoch;
    }

    /// The epoch and the candidate that it names, in words; empty while none was set, or when it names none of the
    /// candidates.
    synchronized Optional<String> inWords() {
        return epoch == 0 || isElsewhere() ? Optional.empty() : Optional.of("epoch " + epoch + ": " + writer);
    }

    /// Why no candidate is admitted; empty when one is.
    synchronized Optional<String> refusal() {
        if (isHeld) return Optional.of(UNREAD);
        return epoch > 0 && isElsewhere() ? Optional.of(ELSEWHERE) : Optional.empty();
    }

    private boolean isElsewhere() {
        return candidates.stream().noneMatch(writer::equalsIgnoreCase);
    }
}
