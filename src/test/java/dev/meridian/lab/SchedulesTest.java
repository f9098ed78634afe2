package dev.meridian.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.fault.Fault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    private static final List<Fault> REFUSALS =
            List.of(Fault.THROTTLE_DYNAMO, Fault.CONFLICT_DYNAMO, Fault.LOSE_DYNAMO_ANSWERS);

    private static Set<Fault> faults(Schedules.Schedule schedule) {
        return schedule.steps().stream().map(Schedules.Step::fault).collect(Collectors.toSet());
    }

    /// Except the end of a drain, which would need one before.
    @Test
    void seeds1To50HaveEveryFaultInAnEventualAndTheRefusalsInAStrongJournalToo() {
        var schedules = LongStream.rangeClosed(1, 50)
                .mapToObj(seed -> Schedules.draw(seed, List.of()))
                .toList();
        var all = EnumSet.noneOf(Fault.class);
        schedules.forEach(schedule -> all.addAll(faults(schedule)));
        assertEquals(EnumSet.of(Fault.UNDRAIN), EnumSet.complementOf(all));
        for (var fault : REFUSALS) {
            for (boolean mrsc : List.of(false, true)) {
                assertTrue(
                        schedules.stream()
                                .anyMatch(s -> s.mrsc() == mrsc && faults(s).contains(fault)),
                        fault + ", MRSC " + mrsc);
            }
        }
    }

    /// The gate runs these.
    @Test
    void seeds3And4HaveThrottlingAndConflicts() {
        var all = EnumSet.noneOf(Fault.class);
        LongStream.rangeClosed(3, 4).forEach(seed -> all.addAll(faults(Schedules.draw(seed, List.of()))));
        assertTrue(all.containsAll(List.of(Fault.THROTTLE_DYNAMO, Fault.CONFLICT_DYNAMO)), all::toString);
    }

    @Test
    void anAddedFaultLeavesTheScheduleOfTheSeedAsItIs() {
        for (long seed = 1; seed <= 50; seed++) {
            var own = Schedules.draw(seed, List.of());
            var more = Schedules.draw(seed, REFUSALS);
            assertEquals(own.steps().size() + REFUSALS.size(), more.steps().size());
            assertTrue(faults(more).containsAll(REFUSALS));
            var left = new ArrayList<>(more.steps());
            own.steps().forEach(step -> assertTrue(left.remove(step), step::toString));
            assertEquals(
                    REFUSALS, left.stream().map(Schedules.Step::fault).sorted().toList());
            assertEquals(own.lag(), more.lag());
            assertEquals(own.routing(), more.routing());
            assertEquals(own.lastMillis(), more.lastMillis());
        }
    }
}
