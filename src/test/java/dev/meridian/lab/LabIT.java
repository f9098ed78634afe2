package dev.meridian.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// One fault after the other, under load, each followed by a check of everything.
class LabIT {
    private static TwoRegions lab;

    @BeforeAll
    static void start() {
        lab = TwoRegions.start(LabOptions.quick(1));
        System.out.println("lab with " + lab.artifact());
    }

    @AfterAll
    static void end() {
        lab.close();
    }

    static void load(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    private static void holds(Verdict verdict) {
        System.out.println(verdict);
        if (!verdict.holds()) lab.events().last().forEach(System.out::println);
        assertTrue(verdict.holds(), verdict.violations()::toString);
    }

    @Test
    void withoutFaultsNothingIsLost() throws Exception {
        lab.newRun(7, 60);
        lab.startLoad();
        load(Duration.ofSeconds(8));
        System.out.println(lab.state());
        holds(lab.check());
    }
}
