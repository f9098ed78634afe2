package dev.meridian.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Deliberately broken builds: the checker has to find each. The defects that leave the Regions different come
/// last.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CheckerIT {
    private static TwoRegions lab;

    @BeforeAll
    static void start() {
        lab = TwoRegions.start(LabOptions.quick(2));
    }

    @AfterAll
    static void end() {
        if (lab != null) lab.close();
    }

    private static void finds(Broken defect, Violation kind, String what, Fault... faults) throws Exception {
        lab.breakBy(defect);
        try {
            lab.newRun(defect.ordinal(), 60);
            lab.startLoad();
            Thread.sleep(3000);
            for (var fault : faults) {
                lab.inject(fault, lab.regions().getFirst());
                Thread.sleep(2500);
            }
            var verdict = lab.check();
            System.out.println(defect + ": " + verdict);
            assertFalse(verdict.holds(), "nothing was found of " + defect);
            assertTrue(
                    verdict.violations().stream().anyMatch(v -> v.startsWith(kind + ":") && v.contains(what)),
                    verdict.violations()::toString);
        } finally {
            lab.breakBy(Broken.NOTHING);
        }
    }

    @Test
    @Order(1)
    void oneCounterThatBothRegionsWriteLosesLikes() throws Exception {
        finds(Broken.SINGLE_LIKE_COUNTER, Violation.LIKE_LOST, "likes are counted");
    }

    @Test
    @Order(2)
    void ordersWithoutAJournalAreLostWhileSqlIsAway() throws Exception {
        finds(Broken.JOURNAL_OFF, Violation.ORDER_LOST, "is not in SQL", Fault.KILL_WRITER);
    }

    @Test
    @Order(3)
    void withoutRecoveryAFailoverLosesOrders() throws Exception {
        finds(Broken.NO_RECOVERY, Violation.ORDER_LOST, "is not in SQL", Fault.FAILOVER_LOSING_TAIL);
    }

    @Test
    @Order(4)
    void withoutLastWriterWinsRegionsStayDifferent() throws Exception {
        finds(Broken.NO_LAST_WRITER_WINS, Violation.REGIONS_DIFFER, "meridian-");
    }

    @Test
    @Order(5)
    void forgottenChangesAreNoticed() throws Exception {
        finds(Broken.REPLICATOR_DROPS, Violation.REGIONS_DIFFER, "meridian-");
    }
}
