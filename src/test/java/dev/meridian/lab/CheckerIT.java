package dev.meridian.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Deliberately broken builds: the checker has to find each. The defects that leave the Regions different come
/// last.
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

    /// @param what is in the violation
    /// @param enough when the clients have done what shows the defect, before the faults
    private static void finds(Broken defect, Violation kind, String what, Predicate<History> enough, Fault... faults)
            throws Exception {
        lab.breakBy(defect);
        try {
            lab.newRun(defect.ordinal(), 60);
            lab.startLoad();
            Thread.sleep(3000);
            await().atMost(SOON).until(() -> enough.test(lab.workload().history()));
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

    /// Services that have just started confirm nothing for a while, and so have nothing to lose.
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
                Broken.SINGLE_LIKE_COUNTER,
                Violation.LIKE_LOST,
                "likes are counted",
                history -> history.counters().likesAcknowledged() >= 120);
    }

    @Test
    @Order(2)
    void ordersWithoutAJournalAreLostWhileSqlIsAway() throws Exception {
        finds(Broken.JOURNAL_OFF, Violation.ORDER_LOST, "is not in SQL", CheckerIT::hasOrders, Fault.KILL_WRITER);
    }

    @Test
    @Order(3)
    void withoutRecoveryAFailoverLosesOrders() throws Exception {
        finds(
                Broken.NO_RECOVERY,
                Violation.ORDER_LOST,
                "is not in SQL",
                CheckerIT::hasOrders,
                Fault.FAILOVER_LOSING_TAIL);
    }

    @Test
    @Order(4)
    void aCheckoutThatChangesItsIdIsOrderedMoreThanOnce() throws Exception {
        finds(
                Broken.CHECKOUTS_NEVER_THE_SAME,
                Violation.ORDER_TWICE,
                "nobody ordered",
                history -> history.wrongReads.stream().anyMatch(read -> read.contains("of no known checkout")));
    }

    @Test
    @Order(5)
    void adoptionsThatAreNotStoredAreNotShown() throws Exception {
        finds(
                Broken.ADOPTIONS_FORGOTTEN,
                Violation.ADOPTION_LOST,
                "is not shown as adopted",
                history -> history.adoptions.values().stream().anyMatch(adoption -> adoption.wins() > 0));
    }

    @Test
    @Order(6)
    void withoutLastWriterWinsRegionsStayDifferent() throws Exception {
        finds(Broken.NO_LAST_WRITER_WINS, Violation.REGIONS_DIFFER, "meridian-carts", CheckerIT::hasConflict);
    }

    /// Both Regions set one line before either hears of the other: each is left with the other's edit. What the
    /// clients do meets like that by chance only.
    private static boolean hasConflict(History history) {
        if (history.counters().cartEditsAcknowledged() < 40) return false;
        try (var client = HttpClient.newHttpClient()) {
            var first = set(client, lab.sites().getFirst(), 3);
            var second = set(client, lab.sites().getLast(), 5);
            return first.get(10, TimeUnit.SECONDS).statusCode() == 200
                    && second.get(10, TimeUnit.SECONDS).statusCode() == 200;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<HttpResponse<Void>> set(HttpClient client, Site site, int quantity) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + site.port() + "/carts/of-both/items/moonmilk"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"quantity\":" + quantity + "}"))
                .build();
        return client.sendAsync(request, BodyHandlers.discarding());
    }

    @Test
    @Order(7)
    void forgottenChangesAreNoticed() throws Exception {
        finds(
                Broken.REPLICATOR_DROPS,
                Violation.REGIONS_DIFFER,
                "meridian-",
                history -> history.counters().cartEditsAcknowledged() >= 40);
    }
}
