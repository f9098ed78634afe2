package dev.meridian.lab.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.lab.drill.Attempt.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutageTest {
    private static Attempt order(long sentAt, double took, int status) {
        return new Attempt(Kind.ORDER, sentAt, took, status, "eu-west-1", "o-" + sentAt);
    }

    private static Outage outage(List<Attempt> history) {
        return Outage.of("orders", history, _ -> true, Attempt::isAnswered, 1000, 5000);
    }

    @Test
    void anOutageIsMeasuredFromTheFault() {
        var found = outage(List.of(
                order(800, 20, 200),
                order(900, 20, 200),
                // Sent before the fault, fails after it: it widens the gap and is not counted as sent after it.
                order(990, 500, 0),
                order(1100, 400, 503),
                order(1600, 10, 503),
                order(2100, 30, 200),
                order(2600, 10, 200),
                order(3100, 10, 503),
                order(3600, 10, 200),
                order(4600, 10, 200)));
        assertEquals(7, found.sent());
        assertEquals(3, found.failed());
        assertEquals(1130, found.firstSuccess());
        assertEquals(2100, found.recovered());
        assertEquals(2130 - 920, found.longestGap());
    }

    @Test
    void withoutFailuresTheGapIsTheClientsOwnPause() {
        var history = new ArrayList<Attempt>();
        for (long at = 0; at < 5000; at += 100) history.add(order(at, 10, 200));
        var found = outage(history);
        assertEquals(0, found.failed());
        assertEquals(0, found.recovered());
        assertEquals(10, found.firstSuccess());
        assertEquals(100, found.longestGap(), 1);
    }

    @Test
    void anOutageThatDoesNotEndLastsUntilTheEnd() {
        var found = outage(List.of(order(900, 20, 200), order(1100, 10, 0), order(4000, 10, 0)));
        assertEquals(-1, found.firstSuccess());
        assertEquals(3000, found.recovered());
        assertEquals(5000 - 920, found.longestGap());
    }

    @Test
    void onlyAnswersThatHadComeBeforeTheFaultCountAsConfirmedBeforeIt() {
        var history = List.of(order(100, 20, 200), order(200, 20, 202), order(990, 20, 200), order(300, 20, 503));
        assertEquals(Set.of("o-100"), DrillFigures.confirmedBefore(history, 1000));
        assertEquals(Set.of("o-100", "o-200", "o-990"), DrillFigures.acknowledged(history));
    }

    @Test
    void spreads() {
        var values = new double[200];
        for (int i = 0; i < 200; i++) values[i] = 200 - i;
        assertEquals(new DrillFigures.Spread(100, 198, 200), DrillFigures.Spread.of(values));
        assertEquals(new DrillFigures.Spread(7, 7, 7), DrillFigures.Spread.of(new double[] {7}));
        assertEquals(-1, DrillFigures.Spread.of(new double[0]).median());
    }
}
