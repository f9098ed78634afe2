package dev.meridian.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random workloads and faults, two of them: one with throttling, one with conflicts. `-Dlab.schedules=50` runs more
/// of them, `-Dlab.seed=17` starts with another seed. To repeat a failure: `-Dit.test=ScheduleIT
/// -Dlab.schedules=1 -Dlab.seed=` and its seed.
@Tag("lab")
class ScheduleIT {
    @Test
    void nothingAcknowledgedIsLostWhateverHappens() {
        long first = Long.getLong("lab.seed", 3);
        int count = Integer.getInteger("lab.schedules", 2);
        var seeds = LongStream.range(first, first + count).boxed().toList();
        var failures = new ArrayList<String>();
        System.out.println(Schedules.head());
        Schedules.run(seeds, LabOptions.quick(first), List.of(), outcome -> {
            System.out.println(Schedules.row(outcome));
            if (outcome.verdict().holds()) return;
            var seed = outcome.schedule().seed();
            System.out.println(outcome.verdict().counts());
            outcome.events().forEach(event -> System.out.println("    " + event));
            outcome.verdict().violations().forEach(violation -> {
                System.out.println("    " + violation);
                failures.add("seed " + seed + ": " + violation);
            });
            System.out.println("    again: ./mvnw verify -Dit.test=ScheduleIT -Dlab.schedules=1 -Dlab.seed=" + seed);
        });
        assertEquals(List.of(), failures);
    }
}
