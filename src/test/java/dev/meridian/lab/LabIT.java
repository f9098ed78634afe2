package dev.meridian.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.client.OrderAmounts;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.cluster.Faketime;
import dev.meridian.lab.cluster.LabRegion;
import dev.meridian.lab.fault.Fault;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/// Each named fault under load, followed by a full check.
@Tag("lab")
class LabIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String WEST = "eu-west-1";
    private static final String EAST = "us-east-1";
    private static final AtomicLong SEEDS = new AtomicLong(100);
    private static TwoRegions lab;

    @BeforeAll
    static void start() {
        lab = TwoRegions.start(LabOptions.quick(1));
        System.out.println("lab with " + lab.artifact());
    }

    @AfterAll
    static void end() {
        if (lab != null) lab.close();
    }

    /// Each test starts with a healthy pair.
    @AfterEach
    void heal() {
        lab.stopLoad();
        lab.heal();
    }

    /// Starts a new run.
    private static void load() {
        lab.newRun(SEEDS.incrementAndGet(), 50);
        lab.startLoad();
    }

    private static void awaitOrders(int more) {
        long before = lab.state().counters().ordersAcknowledged();
        await().atMost(SOON).until(() -> lab.state().counters().ordersAcknowledged() >= before + more);
    }

    private static Verdict check() {
        var verdict = lab.check();
        System.out.println(verdict);
        if (!verdict.holds()) lab.events().last().forEach(System.out::println);
        assertTrue(verdict.holds(), verdict.violations()::toString);
        return verdict;
    }

    private static long found(Verdict verdict) {
        return verdict.counts().entrySet().stream()
                .filter(count -> count.getKey().startsWith("orders found missing"))
                .mapToLong(count -> count.getValue())
                .sum();
    }

    private static RegionState state(String region) {
        return lab.state().regions().stream()
                .filter(state -> state.name().equals(region))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> send(String region, String method, String path, String json)
            throws IOException, InterruptedException {
        return RegionClient.send(lab.processes(), region, method, path, json);
    }

    @Test
    void withoutFaultsEveryAnswerIsDefinite() throws SQLException {
        load();
        awaitOrders(20);
        theServicesRunAsInProduction();
        var verdict = check();
        assertEquals(0, found(verdict));
    }

    /// As the role that `migrate` made, over TLS, to both servers.
    private static void theServicesRunAsInProduction() throws SQLException {
        for (int i = 0; i < lab.regions().size(); i++) {
            assertFalse(lab.processes().regions().get(i).log().contains("meridian.mode is test"));
            var server = lab.databases().server(i);
            assertEquals(
                    "true|meridian_app",
                    server.ask("SELECT string_agg(DISTINCT ssl::text || '|' || usename, ' ') FROM pg_stat_ssl"
                            + " JOIN pg_stat_activity USING (pid) WHERE backend_type = 'client backend'"
                            + " AND usename <> 'postgres'"));
        }
    }

    @Test
    @Tag("long")
    void aKilledServiceAndAStoppedOneLoseNothing() {
        load();
        awaitOrders(5);
        lab.inject(Fault.KILL_SERVICE, WEST);
        await().atMost(SOON).until(() -> !state(WEST).healthy());
        awaitOrders(5);
        lab.heal();
        lab.inject(Fault.TERMINATE_SERVICE, EAST);
        await().atMost(SOON).until(() -> !state(EAST).processUp());
        awaitOrders(5);
        check();
    }

    @Test
    @Tag("long")
    void ordersAreTakenWithoutAWriterAndSettledLater() {
        load();
        awaitOrders(5);
        lab.inject(Fault.KILL_WRITER, WEST);
        assertEquals("none", lab.state().sqlWriter());
        awaitOrders(10);
        assertTrue(lab.state().counters().ordersAccepted() > 0, lab.state()::toString);
        check();
    }

    @Test
    @Tag("long")
    void everybodyWantsOneProductWhileSqlIsSlow() {
        lab.newCrowd(SEEDS.incrementAndGet(), 200);
        lab.startLoad();
        awaitOrders(20);
        lab.inject(Fault.SLOW_SQL, WEST);
        awaitOrders(60);
        check();
    }

    @Test
    void aFailoverThatLosesTheTailIsMadeGood() {
        load();
        awaitOrders(10);
        lab.inject(Fault.FAILOVER_LOSING_TAIL, WEST);
        assertEquals(EAST, lab.state().sqlWriter());
        awaitOrders(5);
        var verdict = check();
        assertTrue(found(verdict) > 0, verdict::toString);
        assertEquals(WEST, lab.state().sqlWriter());
    }

    /// What administrators did on the lost writer, in both Regions and while clients ordered, is there again.
    @Test
    @Tag("long")
    void changesOfProductsThatAFailoverLosesAreMadeAgain() throws Exception {
        var changed = Http.anId("p");
        var born = Http.anId("p");
        load();
        awaitOrders(5);
        product(WEST, changed, "First", ",\"stock\":5");
        await().atMost(SOON).until(() -> rows(1, changed).equals("1"));
        lab.databases().hangReplication();
        long before = restocked();
        restock(EAST, changed, 7);
        product(WEST, changed, "Second", "");
        restock(WEST, changed, 30);
        product(EAST, born, "Born", ",\"stock\":9");
        await().atMost(SOON).until(() -> restocked() >= before + 3);
        assertEquals("0", rows(1, born), "it would not be lost");
        lab.inject(Fault.FAILOVER_LOSING_TAIL, WEST);
        assertEquals(EAST, lab.state().sqlWriter());
        awaitOrders(5);
        check();
        for (int region = 0; region < 2; region++) {
            var server = lab.databases().server(region);
            var ask = "SELECT string_agg(name || ' ' || stock, ', ' ORDER BY name) FROM products"
                    + " WHERE id IN ('%s', '%s')";
            await().atMost(SOON)
                    .untilAsserted(() -> assertEquals("Born 9, Second 42", server.ask(ask.formatted(changed, born))));
        }
    }

    private static void product(String region, String id, String name, String stock) {
        var json = "{\"name\":\"%s\",\"description\":\"\",\"price\":3,\"tags\":[]%s}".formatted(name, stock);
        administer(region, "PUT", "/catalog/products/" + id, json);
    }

    private static void restock(String region, String id, int units) {
        administer(region, "PATCH", "/catalog/products/" + id + "/stock", "{\"add\":" + units + "}");
    }

    /// Until it is acknowledged, with one key.
    private static void administer(String region, String method, String path, String json) {
        var key = Http.anId("key");
        await().atMost(SOON)
                .until(() -> RegionClient.send(lab.processes(), region, method, path, json, "Idempotency-Key", key)
                                        .statusCode()
                                / 100
                        == 2);
    }

    private static String rows(int region, String product) throws SQLException {
        return lab.databases().server(region).ask("SELECT count(*) FROM products WHERE id = '" + product + "'");
    }

    /// Units that the clients were told are added.
    private static long restocked() {
        return lab.workload().history().restocks.values().stream()
                .mapToLong(units -> units.acknowledged.get())
                .sum();
    }

    /// The other Region has orders as accepted that were confirmed on the old writer; what it makes of them, and what
    /// this one finds, must both be in the report.
    @Test
    void aTailThatIsLostWhileTheJournalIsFrozenIsMadeGood() {
        load();
        awaitOrders(5);
        lab.inject(Fault.FREEZE_REPLICATION, WEST);
        awaitOrders(10);
        lab.inject(Fault.FAILOVER_LOSING_TAIL, WEST);
        awaitOrders(10);
        check();
    }

    @Test
    @Tag("long")
    void aPlannedSwitchoverLosesNothing() {
        load();
        awaitOrders(10);
        lab.inject(Fault.SWITCHOVER, WEST);
        assertEquals(EAST, lab.state().sqlWriter());
        awaitOrders(5);
        assertEquals(0, found(check()));
    }

    @Test
    void theLossOfTheWritersRegionIsSurvived() {
        load();
        awaitOrders(10);
        lab.inject(Fault.LOSE_REGION, WEST);
        await().atMost(SOON).until(() -> !state(WEST).healthy());
        lab.inject(Fault.PROMOTE, EAST);
        awaitOrders(10);
        await().atMost(SOON).until(() -> state(EAST).trafficPercent() == 100);
        check();
    }

    /// Each Region has a writer for a while; orders that only the old one has are reported as missing in the
    /// new one.
    @Test
    void twoWritersInPartitionedRegionsAreMadeOne() {
        load();
        awaitOrders(5);
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        lab.inject(Fault.SPLIT_BRAIN, EAST);
        awaitOrders(20);
        assertTrue(found(check()) > 0);
    }

    /// It cannot know that from the servers; the heartbeats of processes that have seen the new one tell it.
    @Test
    @Tag("long")
    void aServiceThatStartsAndReachesOnlyTheReplacedWriterConfirmsNothing() throws Exception {
        lab.newRun(SEEDS.incrementAndGet(), 20);
        lab.startLoad();
        lab.stopLoad();
        var product = lab.workload().stock().keySet().iterator().next();
        var west = lab.processes().regions().getFirst();
        long before = timeline(west);
        lab.inject(Fault.SPLIT_BRAIN, EAST);
        await().atMost(SOON).until(() -> timeline(west) > before);
        lab.inject(Fault.CUT_SQL, EAST);
        west.kill();
        west.start();
        var old = lab.databases().server(0);
        var rows = old.ask("SELECT count(*) FROM orders");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var answer = send(WEST, "POST", "/orders", order(product));
            assertEquals(202, answer.statusCode(), answer::body);
            ids.add(id(answer));
        }
        assertEquals("f", old.ask("SELECT pg_is_in_recovery()"), "it would take them");
        assertEquals(rows, old.ask("SELECT count(*) FROM orders"));
        lab.heal();
        for (var id : ids) {
            await().atMost(SOON)
                    .until(() -> send(WEST, "GET", "/orders/" + id, null).body().contains("\"CONFIRMED\""));
        }
    }

    /// The newest timeline in the heartbeats that a Region has.
    private static long timeline(LabRegion region) {
        return LabTables.scan(region.dynamo(), LabTables.name(DynamoTable.REGIONS)).values().stream()
                .filter(item -> item.containsKey("timeline"))
                .mapToLong(item -> Long.parseLong(item.get("timeline").n()))
                .max()
                .orElse(0);
    }

    private static String order(String product) {
        return """
                {"shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com",
                 "address1":"12 Lantern Row","city":"Port Isle","zipCode":"04521","state":"ME"},
                 "items":[{"productId":"%s","quantity":1}]}""".formatted(product);
    }

    private static String id(HttpResponse<String> order) {
        return order.body().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    }

    @Test
    @Tag("long")
    void partitionedRegionsGoOnAndBecomeEqual() {
        load();
        awaitOrders(5);
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        awaitOrders(15);
        check();
    }

    @Test
    @Tag("long")
    void aDrainedRegionGetsNoTrafficAndComesBack() {
        load();
        awaitOrders(2);
        lab.inject(Fault.DRAIN, EAST);
        await().atMost(SOON).until(() -> state(EAST).drained() && !state(EAST).healthy());
        await().atMost(SOON).until(() -> state(EAST).trafficPercent() == 0);
        assertTrue(state(EAST).processUp());
        lab.inject(Fault.UNDRAIN, EAST);
        await().atMost(SOON).until(() -> state(EAST).healthy() && state(EAST).trafficPercent() > 0);
        check();
    }

    @Test
    @Tag("long")
    void aRegionWithoutItsDynamoUsesTheOtherOnes() {
        load();
        awaitOrders(5);
        lab.inject(Fault.HANG_DYNAMO, WEST);
        await().atMost(SOON)
                .until(() -> send(WEST, "GET", "/mysfits", null)
                        .headers()
                        .firstValue("X-Meridian-DynamoDB-Region")
                        .filter(EAST::equals)
                        .isPresent());
        await().atMost(SOON).until(() -> state(WEST).healthy());
        awaitOrders(10);
        check();
    }

    @Test
    void aDynamoThatThrottlesAndOneWithConflictsLoseNothing() {
        load();
        lab.inject(Fault.THROTTLE_DYNAMO, WEST);
        lab.inject(Fault.CONFLICT_DYNAMO, EAST);
        assertEquals("throttling", state(WEST).dynamo());
        assertEquals("conflicting", state(EAST).dynamo());
        awaitOrders(30);
        var verdict = check();
        assertEquals("ok", state(WEST).dynamo());
        assertEquals("ok", state(EAST).dynamo());
        assertTrue(verdict.counts().get("DynamoDB calls throttled") > 30, verdict::toString);
        assertTrue(verdict.counts().get("DynamoDB writes in conflict") > 30, verdict::toString);
    }

    @Test
    void aCancellationThatHasNotArrivedIsNoLoss() throws Exception {
        lab.newRun(SEEDS.incrementAndGet(), 20);
        lab.startLoad();
        lab.stopLoad();
        var product = lab.workload().stock().keySet().iterator().next();
        var answer = send(EAST, "POST", "/orders", order(product));
        assertEquals(200, answer.statusCode(), answer::body);
        var id = id(answer);
        var west = lab.processes().regions().getFirst();
        await().atMost(SOON)
                .until(() -> "CONFIRMED"
                        .equals(LabTables.scan(west.dynamo(), LabTables.JOURNAL)
                                .getOrDefault(id, Map.of("state", AttributeValue.fromS("")))
                                .get("state")
                                .s()));
        lab.inject(Fault.FREEZE_REPLICATION, EAST);
        assertEquals(200, send(EAST, "POST", "/orders/" + id + "/cancel", null).statusCode());
        west.kill();
        west.start();
        await().atMost(SOON).until(() -> west.log().contains("writer checked"));
        lab.heal();
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        for (var region : lab.regions()) {
            assertFalse(
                    send(region, "GET", "/admin/recovery/missing-orders?limit=1000", null)
                            .body()
                            .contains(id),
                    region);
            assertTrue(send(region, "GET", "/orders/" + id, null).body().contains("\"CANCELLED\""), region);
        }
    }

    /// East settles an order of West that it has as accepted, West cancels it before East closes its entry, and
    /// neither hears of the other. The last write stands, so at first both say that it is confirmed.
    @Test
    void aLateCloseDoesNotUndoACancellation() throws Exception {
        lab.newRun(SEEDS.incrementAndGet(), 20);
        lab.startLoad();
        lab.stopLoad();
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        var west = lab.processes().regions().getFirst();
        var east = lab.processes().regions().getLast();
        lab.inject(Fault.FREEZE_REPLICATION, WEST);
        lab.inject(Fault.FREEZE_REPLICATION, EAST);
        var product = lab.workload().stock().keySet().iterator().next();
        var template = entry(west, id(send(WEST, "POST", "/orders", order(product))));
        // Longer than the cancellation takes; with the answer, shorter than an attempt may (400 ms).
        east.slowDynamo(Duration.ofMillis(100));
        var id = "";
        for (int tries = 0; tries < 10 && !isClosedLate(id, west, east); tries++) {
            id = Ids.ulid();
            east.dynamo().client().putItem(acceptedLongAgo(id, template)).join();
            var ask = "SELECT coalesce(max(status), '') FROM orders WHERE id = '" + id + "'";
            var writer = lab.databases().server(lab.databases().primary());
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> writer.ask(ask).equals("CONFIRMED"));
            assertEquals(
                    200, send(WEST, "POST", "/orders/" + id + "/cancel", null).statusCode());
            var open = id;
            await().atMost(SOON)
                    .until(() ->
                            !"ACCEPTED".equals(entry(east, open).get("state").s()));
        }
        assertTrue(isClosedLate(id, west, east), "no attempt closed the entry after the cancellation");
        lab.heal();
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        var late = id;
        for (var region : lab.processes().regions())
            await().atMost(SOON)
                    .until(() -> entry(region, late).get("state").s().equals("CANCELLED"));
        for (var region : lab.regions())
            assertTrue(send(region, "GET", "/orders/" + id, null).body().contains("\"CANCELLED\""), region);
    }

    private static boolean isClosedLate(String id, LabRegion west, LabRegion east) {
        if (id.isEmpty()) return false;
        var wrong = entry(east, id);
        var right = entry(west, id);
        return wrong.get("state").s().equals("CONFIRMED")
                && right.get("state").s().equals("CANCELLED")
                && wrong.get("closedAt").s().compareTo(right.get("closedAt").s()) > 0;
    }

    private static Map<String, AttributeValue> entry(LabRegion region, String id) {
        return LabTables.scan(region.dynamo(), LabTables.JOURNAL).getOrDefault(id, Map.of());
    }

    /// Older than the time for which it is left to its own Region.
    private static PutItemRequest acceptedLongAgo(String id, Map<String, AttributeValue> template) {
        var item = new HashMap<>(template);
        item.keySet().removeAll(Set.of("closedShard", "closedAt"));
        item.put("orderId", AttributeValue.fromS(id));
        item.put("idempotencyKey", AttributeValue.fromS(id));
        item.put("state", AttributeValue.fromS("ACCEPTED"));
        item.put("acceptedAt", AttributeValue.fromS("2026-01-01T00:00:00.000Z"));
        item.put("openShard", AttributeValue.fromS("0"));
        item.put("openCustomerId", item.get("customerId"));
        return PutItemRequest.builder().tableName(LabTables.JOURNAL).item(item).build();
    }

    /// The other Region takes the order at its own price before it gets the entry, but the first row decides.
    @Test
    void anOrderHasOnePriceInBothRegions() throws Exception {
        var product = "p-one-price-" + System.nanoTime();
        var databases = lab.databases();
        try (var connection = databases.server(databases.primary()).connect()) {
            TestProducts.create(connection, product, 1000, null);
        }
        await().atMost(SOON).until(databases::isCaughtUp);
        var headers = new String[] {"X-Customer-Id", "one-price", "Idempotency-Key", product};
        lab.inject(Fault.FREEZE_REPLICATION, WEST);
        var first = RegionClient.send(lab.processes(), WEST, "POST", "/orders", order(product), headers);
        assertTrue(first.statusCode() == 200 && first.body().contains("\"subtotal\":10,"), first::body);
        databases
                .server(databases.primary())
                .ask("UPDATE products SET price_minor = 1200 WHERE id = '" + product + "' RETURNING price_minor");
        await().atMost(SOON).until(databases::isCaughtUp);
        var second = RegionClient.send(lab.processes(), EAST, "POST", "/orders", order(product), headers);
        assertEquals(first.body(), second.body());
        lab.heal();
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        for (var region : lab.processes().regions())
            assertEquals(
                    new OrderAmounts(1000, 0, 0),
                    OrderAmounts.ofPayload(LabTables.scan(region.dynamo(), LabTables.JOURNAL)
                            .get(id(first))
                            .get("payload")
                            .s()),
                    region.name());
    }

    /// The clocks of a Region are 5 minutes fast, in times of 1:20: 15 seconds. What was accepted there is settled
    /// later by just that time.
    @Test
    void aClockThatIsFiveMinutesFastLosesNothing() throws Exception {
        aClockLosesNothing(Duration.ofSeconds(15));
    }

    /// As many minutes slow, in the same times.
    @Test
    @Tag("long")
    void aClockThatIsFiveMinutesSlowLosesNothing() throws Exception {
        aClockLosesNothing(Duration.ofSeconds(-15));
    }

    private static void aClockLosesNothing(Duration ahead) throws Exception {
        assumeTrue(Faketime.isInstalled(), "libfaketime is not installed");
        load();
        awaitOrders(5);
        lab.workload().clocksDiffered();
        var east = lab.processes().regions().get(1);
        assertTrue(east.runWithClock(ahead));
        await().atMost(SOON).until(() -> state(EAST).healthy());
        var product = lab.workload().stock().keySet().iterator().next();
        var body =
                "{\"description\":\"What time is it?\",\"assigned\":\"support\",\"priority\":\"low\",\"status\":\"open\",\"createdBy\":\""
                        + product + "\"}";
        var ticket = send(EAST, "POST", "/ticket", body).body();
        var created = ticket.replaceAll("(?s).*\"createdOn\":\"([^\"]+)\".*", "$1");
        var told = Instant.parse(created.replace(' ', 'T') + "Z");
        long off = Duration.between(Instant.now(), told).toSeconds();
        assertTrue(Math.abs(off - ahead.toSeconds()) <= 5, "off by " + off + " s");
        awaitOrders(5);
        lab.inject(Fault.KILL_WRITER, WEST);
        awaitOrders(10);
        lab.inject(Fault.PROMOTE, EAST);
        awaitOrders(5);
        check();
    }

    /// Replication takes ten minutes, in times of 1:30: 20 seconds, with the window of the check of a new writer at
    /// 30 seconds in place of 15 minutes. Takes a minute: `-Dit.excluded=none -Dit.test=LabIT`.
    @Test
    @Tag("long")
    void replicationOfTenMinutesAndALostTailLoseNothing() throws Exception {
        lab.processes().restart(Map.of("meridian.recovery.window", "30s"));
        lab.replicationLag(Duration.ofSeconds(20));
        try {
            load();
            awaitOrders(10);
            lab.inject(Fault.FAILOVER_LOSING_TAIL, WEST);
            awaitOrders(5);
            assertTrue(found(check()) > 0);
        } finally {
            lab.replicationLag(Duration.ofMillis(300));
            lab.processes().restart(Map.of());
        }
    }

    private static void converge() {
        lab.heal();
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
    }

    private static int quantity(String region, String line) throws IOException, InterruptedException {
        var answer = send(region, "GET", line, null);
        return answer.statusCode() == 404
                ? 0
                : Integer.parseInt(answer.body().replaceAll("(?s).*\"quantity\":(\\d+).*", "$1"));
    }

    private static void assertEverywhere(int expected, String line) throws IOException, InterruptedException {
        for (var region : lab.regions()) assertEquals(expected, quantity(region, line), region + " " + line);
    }

    private static void add(String region, String cart, int quantity) throws IOException, InterruptedException {
        var body = "{\"itemId\":\"moonmilk\",\"quantity\":" + quantity + "}";
        assertEquals(201, send(region, "POST", cart + "/items", body).statusCode());
    }

    @Test
    void addsInBothRegionsBothCount() throws Exception {
        var cart = "/carts/" + Http.anId("both");
        var line = cart + "/items/moonmilk";
        add(WEST, cart, 1);
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        add(WEST, cart, 2);
        add(EAST, cart, 3);
        add(WEST, cart, 4);
        assertEquals(7, quantity(WEST, line));
        assertEquals(4, quantity(EAST, line));
        converge();
        assertEverywhere(10, line);
    }

    @Test
    void aKeyCountsOnceInBothRegions() throws Exception {
        var cart = "/carts/" + Http.anId("key");
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        var body = "{\"itemId\":\"moonmilk\",\"quantity\":3}";
        for (var region : lab.regions()) {
            for (int i = 0; i < 2; i++) {
                var answer = RegionClient.send(
                        lab.processes(), region, "POST", cart + "/items", body, "Idempotency-Key", "once");
                assertEquals(201, answer.statusCode());
            }
        }
        converge();
        assertEverywhere(3, cart + "/items/moonmilk");
    }

    /// The client got no answer, and asks again elsewhere.
    @Test
    void aMergeInBothRegionsMovesEachUnitOnce() throws Exception {
        var session = Http.anId("s");
        var customer = "/carts/" + Http.anId("c");
        add(WEST, "/carts/" + session, 4);
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        add(WEST, "/carts/" + session, 1);
        add(EAST, customer, 2);
        for (var region : lab.regions())
            assertEquals(
                    202,
                    send(region, "POST", customer + "/merge?sessionId=" + session, null)
                            .statusCode());
        assertEquals(5, quantity(WEST, customer + "/items/moonmilk"));
        assertEquals(6, quantity(EAST, customer + "/items/moonmilk"));
        converge();
        assertEverywhere(7, customer + "/items/moonmilk");
        assertEverywhere(0, "/carts/" + session + "/items/moonmilk");
    }

    @Test
    void emptyingACartRemovesWhatAnotherRegionAddedBefore() throws Exception {
        var cart = "/carts/" + Http.anId("empty");
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        add(WEST, cart, 2);
        assertEquals(202, send(EAST, "DELETE", cart, null).statusCode());
        add(WEST, cart, 3);
        converge();
        assertEverywhere(3, cart + "/items/moonmilk");
    }

    /// A write that changes nothing is not replicated.
    @Test
    void aLineThatIsSetToWhatItWasStandsAgainstAnEarlierEdit() throws Exception {
        var line = "/carts/somebody-else/items/moonmilk";
        assertEquals(200, send(WEST, "PUT", line, "{\"quantity\":2}").statusCode());
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        assertEquals(200, send(EAST, "PUT", line, "{\"quantity\":3}").statusCode());
        assertEquals(200, send(WEST, "PUT", line, "{\"quantity\":2}").statusCode());
        converge();
        assertEverywhere(2, line);
    }

    /// A deletion of an absent item is not a write, so DynamoDB does not replicate it.
    @Test
    void aLineThatIsRemovedBeforeItArrivesDoesNotComeBack() throws Exception {
        var line = "/carts/somebody/items/moonmilk";
        lab.inject(Fault.FREEZE_REPLICATION, WEST);
        assertEquals(200, send(WEST, "PUT", line, "{\"quantity\":3}").statusCode());
        assertEquals(202, send(EAST, "DELETE", line, null).statusCode());
        lab.heal();
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        for (var region : lab.regions()) {
            assertEquals(404, send(region, "GET", line, null).statusCode(), region);
            assertEquals(
                    "[]", send(region, "GET", "/carts/somebody/items", null).body());
        }
        assertEquals(200, send(EAST, "PUT", line, "{\"quantity\":4}").statusCode());
        await().atMost(SOON).until(() -> send(WEST, "GET", line, null).statusCode() == 200);
    }

    /// Both Regions change one ticket before they have each other's change.
    @Test
    void ofTwoChangesOfATicketNoneVanishes() throws Exception {
        var ticket = """
                {"description":"The lantern flickers.","assigned":"%s","priority":"low","status":"open",
                 "createdBy":"Wren"%s}""";
        var created = send(WEST, "POST", "/ticket", ticket.formatted("nobody", ""));
        assertEquals(200, created.statusCode(), created::body);
        var id = id(created);
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        var change = ",\"version\":1,\"id\":\"" + id + "\"";
        lab.inject(Fault.PARTITION_REGIONS, WEST);
        assertEquals(
                200,
                send(WEST, "POST", "/ticket", ticket.formatted("ada", change)).statusCode());
        assertEquals(
                200,
                send(EAST, "POST", "/ticket", ticket.formatted("bob", change)).statusCode());
        // Each Region knows its own change.
        for (var region : lab.regions())
            assertEquals(
                    409,
                    send(region, "POST", "/ticket", ticket.formatted("eve", change))
                            .statusCode());
        converge();
        for (var region : lab.regions()) {
            var history =
                    send(region, "GET", "/ticket/" + id + "/changes", null).body();
            assertTrue(
                    history.matches("\\[.*\"assigned\":\"bob\".*\"assigned\":\"ada\".*\"assigned\":\"nobody\".*"),
                    history);
            var now = send(region, "GET", "/ticket/" + id, null).body();
            assertTrue(now.contains("\"assigned\":\"bob\"") && now.contains("\"version\":3"), now);
            // Who has seen only one of both must look again.
            var seen = change.replace("\"version\":1", "\"version\":2");
            assertEquals(
                    409,
                    send(region, "POST", "/ticket", ticket.formatted("eve", seen))
                            .statusCode());
        }
    }

    /// The data was made in one Region and is erased in the other.
    @Test
    void aCustomerWhoIsErasedInOneRegionIsErasedInBoth() throws Exception {
        lab.newRun(SEEDS.incrementAndGet(), 20);
        lab.startLoad();
        lab.stopLoad();
        var customer = Http.anId("erased");
        var email = customer + "@example.com";
        var product = lab.workload().stock().keySet().iterator().next();
        assertEquals(
                201,
                send(WEST, "PUT", "/customers/" + customer, "{\"email\":\"" + email + "\"}")
                        .statusCode());
        add(WEST, "/carts/" + customer, 2);
        assertEquals(200, send(WEST, "POST", "/ticket", """
                {"description":"The parrot knows my name.","assigned":"","priority":"low","status":"open",
                 "createdBy":"%s"}""".formatted(email)).statusCode());
        var order =
                RegionClient.send(lab.processes(), WEST, "POST", "/orders", order(product), "X-Customer-Id", customer);
        assertEquals(200, order.statusCode(), order::body);
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        var data = "/admin/customers/" + customer + "/data";
        for (var part : new String[] {"profile", "cart", "tickets", "orders"}) {
            var known = send(EAST, "GET", data, null);
            assertTrue(known.body().contains("\"" + part + "\":[{"), known::body);
        }
        await().atMost(SOON).until(() -> send(EAST, "DELETE", data, null).statusCode() == 204);
        await().atMost(SOON).until(() -> lab.replicator().isIdle());
        for (var region : lab.regions()) {
            await().atMost(SOON)
                    .until(() -> send(region, "GET", data, null).body().contains("\"parts\":{}"));
            var left = send(region, "GET", "/orders/" + id(order), null);
            assertTrue(left.body().contains("\"customerId\":\"erased-"), left::body);
        }
    }
}
