package dev.meridian.lab.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.Lab;
import dev.meridian.lab.LabState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/// The state of the lab four times a second, and the history of the last two minutes for pages that open later.
final class StateFeed implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(250);
    private static final int KEPT = 480;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lab lab;
    private final Function<LabState, Object> view;
    private final Deque<List<Number>> samples = new ArrayDeque<>();
    private final Thread thread;
    private String newest;
    private long beats;
    private boolean closed;

    /// @param view makes the page's form of a state
    StateFeed(Lab lab, Function<LabState, Object> view) {
        this.lab = lab;
        this.view = view;
        thread = Thread.ofVirtual().name("lab-state-feed").start(this::beat);
    }

    private void beat() {
        long next = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                tell(lab.state());
                next = Math.max(next + BEAT.toNanos(), System.nanoTime());
                Thread.sleep(Duration.ofNanos(next - System.nanoTime()));
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void tell(LabState state) {
        var text = json(view.apply(state));
        synchronized (this) {
            newest = text;
            beats++;
            samples.addLast(sample(state));
            if (samples.size() > KEPT) samples.removeFirst();
            notifyAll();
        }
    }

    /// The columns that `lab.js` names; null for unknown values.
    private static List<Number> sample(LabState state) {
        var columns = new ArrayList<Number>();
        columns.add(state.atMillis() / 1000.0);
        columns.add(known(state.dynamoLagMillis()));
        columns.add(known(state.sqlLagMillis()));
        columns.add(state.counters().ordersAcknowledged());
        columns.add(state.counters().ordersAccepted());
        for (var region : state.regions()) {
            columns.add(region.requests());
            columns.add(region.errors());
            columns.add(region.p50Millis());
            columns.add(region.p99Millis());
            columns.add(known(region.openJournalEntries()));
        }
        return columns;
    }

    private static Number known(long value) {
        return value < 0 ? null : (Number) value;
    }

    /// The samples of the last two minutes as JSON.
    synchronized String history() {
        return json(samples);
    }

    /// Waits for a state newer than the one with this number; a slow reader misses some.
    ///
    /// @return its number and JSON, or null when the lab ends
    synchronized Beat after(long number) throws InterruptedException {
        while (beats <= number && !closed) wait();
        return closed ? null : new Beat(beats, newest);
    }

    /// One state.
    record Beat(long number, String json) {}

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }
}
