package dev.meridian.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.check.Violation;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.fault.Fault;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The checker must find each seeded defect. The defects that leave the Regions different come last.
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CheckerIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static TwoRegions lab;

    @BeforeAll
    static void start() {
        lab = TwoRegions.start(LabOptions.quick(2));
    }

    @AfterAll
    static void end() {
        if (lab != null) lab.close();
    }

    /// A step while the clients run.
    private interface Step {
        void take() throws Exception;
    }

    /// @param what the expected part of the violation
    /// @param enough when the clients have made enough requests to show the defect, before the steps
    private static void finds(SeededDefect defect, Violation kind, String what, Predicate<History> enough, Step... then)
            throws Exception {
        lab.seed(defect);
        try {
            lab.newRun(defect.ordinal(), 60);
            lab.startLoad();
            await().atMost(SOON).until(() -> enough.test(lab.workload().history()));
            for (var step : then) step.take();
            var verdict = lab.check();
            assertFalse(verdict.holds(), "nothing was found of " + defect);
            assertTrue(
                    verdict.violations().stream().anyMatch(v -> v.startsWith(kind + ":") && v.contains(what)),
                    verdict.violations()::toString);
        } finally {
            lab.seed(SeededDefect.NOTHING);
        }
    }

    private static void killTheWriterUntilOrdersWait() {
        long before = lab.state().counters().ordersAccepted();
        lab.inject(Fault.KILL_WRITER, lab.regions().getFirst());
        await().atMost(SOON).until(() -> lab.state().counters().ordersAccepted() >= before + 5);
    }

    private static void failOverWithoutTheTail() {
        lab.inject(Fault.FAILOVER_LOSING_TAIL, lab.regions().getFirst());
        assertFalse(lab.lostTail().isEmpty(), "nothing was lost");
    }

    /// Both Regions write one profile before either gets the other's: each ends with the other's. The
    /// requests of the clients conflict like this only by chance.
    private static void writeOneProfileInBothRegions() throws Exception {
        lab.inject(Fault.FREEZE_REPLICATION, lab.regions().getFirst());
        for (var region : lab.regions()) {
            var profile = "{\"name\":\"Nadia of " + region + "\"}";
            assertEquals(
                    201,
                    RegionClient.send(lab.processes(), region, "PUT", "/customers/of-both", profile)
                            .statusCode());
        }
    }

    /// Services confirm no orders for a while after a start, and so cannot lose any.
    private static boolean hasOrders(History history) {
        return history.orders.values().stream()
                        .filter(order -> order.wasConfirmed)
                        .count()
                >= 5;
    }

    @Test
    @Order(1)
    void oneCounterThatBothRegionsWriteLosesLikes() throws Exception {
        finds(
                SeededDefect.SINGLE_LIKE_COUNTER,
                Violation.LIKE_LOST,
                "likes are counted",
                history -> history.counters().likesAcknowledged() >= 120);
    }

    @Test
    @Order(2)
    void ordersWithoutAJournalAreLostWhileSqlIsAway() throws Exception {
        finds(
                SeededDefect.JOURNAL_OFF,
                Violation.ORDER_LOST,
                "is not in SQL",
                CheckerIT::hasOrders,
                CheckerIT::killTheWriterUntilOrdersWait);
    }

    @Test
    @Order(3)
    void withoutRecoveryAFailoverLosesOrders() throws Exception {
        finds(
                SeededDefect.NO_RECOVERY,
                Violation.ORDER_LOST,
                "is not in SQL",
                CheckerIT::hasOrders,
                CheckerIT::failOverWithoutTheTail);
    }

    @Test
    @Order(4)
    void aCheckoutThatChangesItsIdIsOrderedMoreThanOnce() throws Exception {
        finds(
                SeededDefect.CHECKOUTS_NEVER_THE_SAME,
                Violation.ORDER_TWICE,
                "nobody ordered",
                history -> history.wrongReads.stream()
                        .anyMatch(
                                answer -> answer.startsWith("the order ") && answer.contains("of no known checkout")));
    }

    @Test
    @Order(5)
    void adoptionsThatAreNotStoredAreNotShown() throws Exception {
        finds(
                SeededDefect.ADOPTIONS_FORGOTTEN,
                Violation.ADOPTION_LOST,
                "is not shown as adopted",
                history -> history.adoptions.values().stream().anyMatch(adoption -> adoption.wins() > 0));
    }

    @Test
    @Order(6)
    void aJournalWithOtherPricesThanSqlIsNoticed() throws Exception {
        finds(
                SeededDefect.JOURNAL_DEARER,
                Violation.PRICE_WRONG,
                "in a journal",
                history -> history.orders.values().stream().anyMatch(order -> order.wasConfirmed));
    }

    @Test
    @Order(7)
    void withoutLastWriterWinsRegionsStayDifferent() throws Exception {
        finds(
                SeededDefect.NO_LAST_WRITER_WINS,
                Violation.REGIONS_DIFFER,
                "meridian-customers",
                history -> history.counters().cartEditsAcknowledged() >= 40,
                CheckerIT::writeOneProfileInBothRegions);
    }

    @Test
    @Order(8)
    void forgottenChangesAreNoticed() throws Exception {
        finds(
                SeededDefect.REPLICATOR_DROPS,
                Violation.REGIONS_DIFFER,
                "meridian-",
                history -> history.counters().cartEditsAcknowledged() >= 40);
    }
}
