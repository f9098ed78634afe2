package dev.meridian.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.check.Violation;
import dev.meridian.lab.client.History;
import dev.meridian.lab.client.ProductEdits;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.fault.Fault;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
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
    private static Verdict finds(
            SeededDefect defect, Violation kind, String what, Predicate<History> enough, Step... then)
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
            return verdict;
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

    /// The standby gets nothing of what the clients do meanwhile.
    @SafeVarargs
    private static void failOverAfter(int more, ToLongFunction<History>... done) {
        var history = lab.workload().history();
        lab.databases().hangReplication();
        for (var what : done) {
            long before = what.applyAsLong(history);
            await().atMost(SOON).until(() -> what.applyAsLong(history) >= before + more);
        }
        failOverWithoutTheTail();
    }

    private static long restocked(History history) {
        return history.restocks.values().stream()
                .mapToLong(units -> units.acknowledged.get())
                .sum();
    }

    private static long changed(History history) {
        return history.products.values().stream()
                .mapToLong(ProductEdits::changes)
                .sum();
    }

    private static long adopted(History history) {
        return history.adoptions.values().stream()
                .filter(adoption -> adoption.wins() > 0)
                .count();
    }

    /// Both Regions write one profile before either gets the other's: each ends with the other's. The
    /// requests of the clients conflict like this only by chance. A Region whose store is slow asks the
    /// other's, where the profile is already; then another one is written.
    private static void writeOneProfileInBothRegions() throws Exception {
        lab.inject(Fault.FREEZE_REPLICATION, lab.regions().getFirst());
        boolean areNew = false;
        for (int i = 0; i < 10 && !areNew; i++) {
            areNew = true;
            for (var region : lab.regions()) {
                var profile = "{\"name\":\"Nadia of " + region + "\"}";
                areNew &= RegionClient.send(lab.processes(), region, "PUT", "/customers/of-both-" + i, profile)
                                .statusCode()
                        == 201;
            }
        }
        assertTrue(areNew);
    }

    /// Services confirm no orders for a while after a start, and so cannot lose any.
    private static boolean hasOrders(History history) {
        return history.orders.values().stream()
                        .filter(order -> order.wasConfirmed)
                        .count()
                >= 5;
    }

    private static boolean hasAddsInBothRegions(History history) {
        return history.merges.values().stream()
                        .filter(units -> units.cart().endsWith("-both"))
                        .mapToLong(units -> units.acknowledged().get())
                        .sum()
                >= 20;
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
    @Tag("long")
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
    @Tag("long")
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
    @Tag("long")
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
    @Tag("long")
    @Order(7)
    void anEntryThatClosesACancelledOrderAsConfirmedIsWrong() throws Exception {
        finds(
                SeededDefect.CANCELLED_AS_CONFIRMED,
                Violation.JOURNAL_WRONG,
                "is CANCELLED in SQL and CONFIRMED in a journal",
                history -> history.orders.values().stream().anyMatch(order -> order.wasCancelled));
    }

    @Test
    @Order(8)
    void lostOrdersThatNobodyReportsAreNoticed() throws Exception {
        finds(
                SeededDefect.REPORT_FORGETS,
                Violation.ORDER_NOT_REPORTED,
                "is not in the report",
                CheckerIT::hasOrders,
                CheckerIT::failOverWithoutTheTail);
    }

    @Test
    @Tag("long")
    @Order(9)
    void addsThatCountTwiceForOneKeyAreNoticed() throws Exception {
        finds(
                SeededDefect.CART_KEYS_FORGOTTEN,
                Violation.CART_WRONG,
                "-both and its sessions",
                CheckerIT::hasAddsInBothRegions);
    }

    @Test
    @Order(10)
    void addsOfTwoRegionsToOneItemAreLost() throws Exception {
        finds(
                SeededDefect.ONE_CART_ITEM,
                Violation.CART_WRONG,
                "-both and its sessions",
                CheckerIT::hasAddsInBothRegions);
    }

    @Test
    @Tag("long")
    @Order(11)
    void restocksThatCountTwiceForOneKeyAreNoticed() throws Exception {
        finds(
                SeededDefect.RESTOCKS_TWICE,
                Violation.STOCK_WRONG,
                "by what was asked for",
                history -> restocked(history) >= 30);
    }

    @Test
    @Tag("long")
    @Order(12)
    void unitsThatACancelledOrderKeepsAreNoticed() throws Exception {
        finds(
                SeededDefect.CANCELLED_KEEPS_STOCK,
                Violation.STOCK_WRONG,
                "by the orders and what was added",
                history -> history.orders.values().stream()
                                .filter(order -> order.wasCancelled)
                                .count()
                        >= 3);
    }

    @Test
    @Tag("long")
    @Order(13)
    void changesOfProductsThatAreNotStoredAreNoticed() throws Exception {
        finds(
                SeededDefect.CHANGES_FORGOTTEN,
                Violation.PRODUCT_WRONG,
                "of-admin",
                history -> history.products.values().stream().anyMatch(edits -> edits.changes() >= 2));
    }

    @Test
    @Order(14)
    void changesOfProductsThatAFailoverLosesAreNoticed() throws Exception {
        var verdict = finds(
                SeededDefect.CHANGES_NOT_REPLAYED,
                Violation.STOCK_WRONG,
                "by what was asked for",
                CheckerIT::hasOrders,
                () -> failOverAfter(4, CheckerIT::restocked, CheckerIT::changed));
        assertTrue(
                verdict.violations().stream().anyMatch(v -> v.startsWith(Violation.PRODUCT_WRONG + ":")),
                verdict.violations()::toString);
    }

    @Test
    @Tag("long")
    @Order(15)
    void adoptionsThatAFailoverLosesAreNoticed() throws Exception {
        finds(
                SeededDefect.ADOPTIONS_NOT_RESTORED,
                Violation.ADOPTION_LOST,
                "is in SQL as adopted in null",
                CheckerIT::hasOrders,
                () -> failOverAfter(1, CheckerIT::adopted));
    }

    @Test
    @Tag("long")
    @Order(16)
    void changesOfTicketsThatAreNotStoredAreNoticed() throws Exception {
        finds(
                SeededDefect.TICKET_CHANGES_FORGOTTEN,
                Violation.TICKET_CHANGE_LOST,
                "of ticket",
                history -> history.ticketEdits.values().stream()
                        .anyMatch(edits -> edits.acknowledged().values().stream()
                                        .filter(times -> times > 0)
                                        .count()
                                >= 2));
    }

    @Test
    @Order(17)
    void withoutLastWriterWinsRegionsStayDifferent() throws Exception {
        finds(
                SeededDefect.NO_LAST_WRITER_WINS,
                Violation.REGIONS_DIFFER,
                "meridian-customers",
                history -> history.counters().cartEditsAcknowledged() >= 40,
                CheckerIT::writeOneProfileInBothRegions);
    }

    @Test
    @Tag("long")
    @Order(18)
    void forgottenChangesAreNoticed() throws Exception {
        finds(
                SeededDefect.REPLICATOR_DROPS,
                Violation.REGIONS_DIFFER,
                "meridian-",
                history -> history.counters().cartEditsAcknowledged() >= 40);
    }
}
