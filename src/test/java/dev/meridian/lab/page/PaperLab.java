package dev.meridian.lab.page;

import dev.meridian.lab.Lab;
import dev.meridian.lab.LabState;
import dev.meridian.lab.RegionState;
import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.client.Counters;
import dev.meridian.lab.cluster.LabEvent;
import dev.meridian.lab.fault.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A fake lab without processes, for the tests of the page.
final class PaperLab implements Lab {
    private final List<String> regions = List.of("eu-west-1", "us-east-1");
    private final Map<Fault, String> faults = new EnumMap<>(Fault.class);
    private final List<LabEvent> events = new ArrayList<>();
    private final long[] requests = new long[2];
    private final long[] errors = new long[2];
    private final Random random = new Random(7);
    private boolean isLoaded;
    private long orders;
    private long accepted;
    private long open;
    private String writer = "eu-west-1";
    Duration task = Duration.ZERO;
    boolean isBroken;

    private void note(String what) {
        events.add(new LabEvent(System.currentTimeMillis(), what));
        if (events.size() > 50) events.removeFirst();
    }

    @Override
    public String artifact() {
        return "nothing, on paper";
    }

    @Override
    public List<String> regions() {
        return regions;
    }

    @Override
    public URI router() {
        return URI.create("http://127.0.0.1:9/");
    }

    @Override
    public URI service(String region) {
        return router();
    }

    private boolean isLost(String region) {
        return region.equals(faults.get(Fault.LOSE_REGION));
    }

    @Override
    public synchronized LabState state() {
        boolean noWriter = isLost(writer) || faults.containsKey(Fault.KILL_WRITER);
        var states = new ArrayList<RegionState>();
        for (int i = 0; i < 2; i++) {
            boolean lost = isLost(regions.get(i));
            boolean other = isLost(regions.get(1 - i));
            int share = !isLoaded || lost ? 0 : other ? 100 : 50;
            int made = share * (8 + random.nextInt(4)) / 100 * 3 / 2;
            requests[i] += made;
            if (lost && isLoaded && random.nextInt(8) == 0) errors[i]++;
            orders += made / 4;
            if (noWriter) {
                accepted += made / 4;
                open += made / 4;
            }
            states.add(new RegionState(
                    regions.get(i),
                    !lost && !regions.get(i).equals(faults.get(Fault.KILL_SERVICE)),
                    !lost,
                    regions.get(i).equals(faults.get(Fault.DRAIN)),
                    share,
                    requests[i],
                    errors[i],
                    made == 0 ? 0 : 3 + random.nextDouble() * 2,
                    made == 0 ? 0 : 12 + random.nextDouble() * 20,
                    lost ? -1 : open,
                    lost ? "dead" : regions.get(i).equals(faults.get(Fault.SLOW_DYNAMO)) ? "slow" : "ok",
                    lost ? "dead" : regions.get(i).equals(faults.get(Fault.HANG_SQL)) ? "hanging" : "ok",
                    lost ? "none" : regions.get(i).equals(writer) && !noWriter ? "writer" : "reader"));
        }
        if (!noWriter) open = Math.max(0, open - 9);
        boolean cut = faults.containsKey(Fault.LOSE_REGION) || faults.containsKey(Fault.PARTITION_REGIONS);
        return new LabState(
                System.currentTimeMillis(),
                artifact(),
                noWriter ? "none" : writer,
                cut ? 4000 : 280 + random.nextInt(60),
                0,
                cut ? -1 : 6 + random.nextInt(9),
                states,
                faults.entrySet().stream()
                        .map(fault -> fault.getKey() + " " + fault.getValue())
                        .toList(),
                List.copyOf(events),
                new Counters(requests[0] + requests[1], orders, accepted, 40, 30, 20, 10, 90, errors[0], 2));
    }

    @Override
    public void inject(Fault fault, String region) {
        pause();
        synchronized (this) {
            if (fault == Fault.SWITCHOVER) writer = regions.get(1 - regions.indexOf(writer));
            else if (fault == Fault.UNDRAIN) faults.remove(Fault.DRAIN);
            else faults.put(fault, region);
            note(fault.title() + " " + region);
        }
    }

    private void pause() {
        try {
            Thread.sleep(task);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void heal() {
        faults.clear();
        writer = regions.getFirst();
        note("healed");
    }

    @Override
    public synchronized void startLoad() {
        isLoaded = true;
    }

    @Override
    public synchronized void stopLoad() {
        isLoaded = false;
    }

    @Override
    public Verdict check() {
        stopLoad();
        heal();
        var counts = new LinkedHashMap<String, Long>();
        counts.put("orders", orders);
        counts.put("likes", 40L);
        return isBroken
                ? new Verdict(
                        false, counts, List.of("LIKE_LOST m-1: 3 acknowledged, 2 counted"), Duration.ofMillis(900))
                : new Verdict(true, counts, List.of(), Duration.ofMillis(900));
    }

    @Override
    public void close() {}
}
