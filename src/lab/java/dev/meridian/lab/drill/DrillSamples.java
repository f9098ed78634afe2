package dev.meridian.lab.drill;

import dev.meridian.lab.Lab;
import dev.meridian.lab.LabState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/// The state of the lab four times a second during a drill.
final class DrillSamples implements AutoCloseable {
    /// @param atMillis on the clock of the drill's clients
    record Sample(long atMillis, LabState state) {}

    private final List<Sample> samples = new ArrayList<>();
    private final Thread thread;

    DrillSamples(Lab lab, LongSupplier clock) {
        thread = Thread.ofVirtual().name("drill-samples").start(() -> {
            try {
                for (; ; Thread.sleep(Duration.ofMillis(250))) {
                    var sample = new Sample(clock.getAsLong(), lab.state());
                    synchronized (samples) {
                        samples.add(sample);
                    }
                }
            } catch (InterruptedException _) {
                // The drill is over.
            }
        });
    }

    private List<Sample> all() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /// Known values between two times, none of them negative.
    double[] between(long from, long to, ToDoubleFunction<LabState> value) {
        return all().stream()
                .filter(sample -> sample.atMillis() >= from && sample.atMillis() < to)
                .mapToDouble(sample -> value.applyAsDouble(sample.state()))
                .filter(known -> known >= 0)
                .toArray();
    }

    /// Seconds and values for a plot; unknown ones are gaps.
    List<double[]> line(ToDoubleFunction<LabState> value) {
        return all().stream()
                .map(sample -> {
                    double known = value.applyAsDouble(sample.state());
                    return new double[] {sample.atMillis() / 1000.0, known < 0 ? Double.NaN : known};
                })
                .toList();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
