package dev.meridian.lab.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Kills a Region's service with SIGKILL at one point of an order: before its n-th call reaches a store, or when
/// that call is done and its answer has not arrived. Calls of the order are those that name it or its product.
public final class KillAt implements StoreCalls {
    /// Kills nothing.
    public static final int NEVER = Integer.MAX_VALUE;

    private final LabRegion region;
    private final List<String> marks;
    private final int call;
    private final boolean isDone;
    private final List<String> calls = new ArrayList<>();
    private boolean hasKilled;

    /// @param marks the call must contain one of them
    /// @param call from 0; [#NEVER] only counts
    /// @param isDone whether the call is done
    public KillAt(LabRegion region, List<String> marks, int call, boolean isDone) {
        this.region = region;
        this.marks = marks;
        this.call = call;
        this.isDone = isDone;
    }

    /// The calls of the order so far, in their sequence.
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /// Whether the point was reached.
    public synchronized boolean hasKilled() {
        return hasKilled;
    }

    @Override
    public synchronized void asked(String name, String text) throws IOException {
        if (!isMine(text)) return;
        calls.add(name);
        if (!isDone && calls.size() - 1 == call) kill();
    }

    @Override
    public synchronized void answered(String name, String text) throws IOException {
        if (isDone && isMine(text) && calls.size() - 1 == call) kill();
    }

    private boolean isMine(String text) {
        return !hasKilled && marks.stream().anyMatch(text::contains);
    }

    private void kill() throws IOException {
        hasKilled = true;
        try {
            region.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("the service is killed at this point");
    }
}
