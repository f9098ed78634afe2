package dev.meridian.dynamoclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.meridian.dynamoclient.HostAddresses.Resolver;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Where connections go, and who asks for it.
class HostAddressesTest {
    private static final String HOST = "dynamodb.example";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close();
    }

    private CompletableFuture<InetAddress> find(HostAddresses addresses) {
        var found = new CompletableFuture<InetAddress>();
        vertx.runOnContext(_ -> addresses.find(LoopContext.current(vertx), (address, failure) -> {
            if (!Context.isOnEventLoopThread()) found.completeExceptionally(new IllegalStateException("not here"));
            else if (failure != null) found.completeExceptionally(failure);
            else found.complete(address);
        }));
        return found;
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByAddress(HOST, InetAddress.ofLiteral(literal).getAddress());
    }

    private static HostAddresses addresses(Resolver resolver, long patienceMillis) {
        return new HostAddresses(HOST, resolver, patienceMillis);
    }

    @Test
    void connectionsGoToAllAddressesOfThePreferredFamily() {
        var addresses = addresses(
                _ -> new InetAddress[] {
                    address("10.0.0.1"), address("10.0.0.2"), address("2001:db8::1"), address("10.0.0.3")
                },
                10_000);
        var seen = new HashSet<String>();
        for (var i = 0; i < 200; i++) seen.add(find(addresses).join().getHostAddress());
        assertEquals(Set.of("10.0.0.1", "10.0.0.2", "10.0.0.3"), seen);
        assertEquals(HOST, find(addresses).join().getHostName());
    }

    @Test
    void noEventLoopAsksAndOneQuestionServesAll() throws InterruptedException {
        var questions = new AtomicInteger();
        var asked = new CompletableFuture<Boolean>();
        var answer = new CountDownLatch(1);
        var addresses = addresses(
                _ -> {
                    questions.incrementAndGet();
                    asked.complete(Context.isOnEventLoopThread());
                    awaitQuietly(answer);
                    return new InetAddress[] {address("10.0.0.1")};
                },
                10_000);
        var first = find(addresses);
        var second = find(addresses);
        assertFalse(asked.join());
        // The event loops are free meanwhile.
        var other = new CompletableFuture<Void>();
        vertx.runOnContext(_ -> other.complete(null));
        other.join();
        answer.countDown();
        assertEquals(first.join(), second.join());
        assertEquals(1, questions.get());
    }

    @Test
    void theAddressBeforeIsUsedWhileNobodyAnswers() {
        var silent = new CountDownLatch(1);
        var questions = new AtomicInteger();
        var addresses = addresses(
                _ -> {
                    switch (questions.incrementAndGet()) {
                        case 1 -> {
                            return new InetAddress[] {address("10.0.0.1")};
                        }
                        case 2 -> throw new UnknownHostException(HOST);
                        default -> awaitQuietly(silent);
                    }
                    throw new UnknownHostException(HOST);
                },
                50);
        for (var i = 0; i < 3; i++)
            assertEquals("10.0.0.1", find(addresses).join().getHostAddress());
        assertEquals(3, questions.get());
        silent.countDown();
    }

    @Test
    void anUnknownHostIsAFailure() {
        var addresses = addresses(
                _ -> {
                    throw new UnknownHostException(HOST);
                },
                10_000);
        var failure =
                assertThrows(CompletionException.class, () -> find(addresses).join());
        assertInstanceOf(UnknownHostException.class, failure.getCause());
    }

    /// Whatever a look-up ends with, the next one is made.
    @Test
    void anErrorEndsOneLookUpOnly() {
        var questions = new AtomicInteger();
        var addresses = addresses(
                _ -> {
                    if (questions.incrementAndGet() == 1) throw new StackOverflowError("for this test");
                    return new InetAddress[] {address("10.0.0.1")};
                },
                10_000);
        var failure =
                assertThrows(CompletionException.class, () -> find(addresses).join());
        assertInstanceOf(StackOverflowError.class, failure.getCause());
        assertEquals("10.0.0.1", find(addresses).join().getHostAddress());
    }

    @Test
    void withoutAThreadTheNextLookUpIsMade() {
        var threads = new AtomicInteger();
        var addresses = new HostAddresses(HOST, _ -> new InetAddress[] {address("10.0.0.1")}, 10_000, lookup -> {
            if (threads.incrementAndGet() == 1) throw new OutOfMemoryError("no native thread, for this test");
            Thread.ofVirtual().start(lookup);
        });
        var failure =
                assertThrows(CompletionException.class, () -> find(addresses).join());
        assertInstanceOf(OutOfMemoryError.class, failure.getCause());
        assertEquals("10.0.0.1", find(addresses).join().getHostAddress());
    }

    @Test
    void nobodyIsAskedForAnAddress() {
        Resolver nobody = _ -> {
            throw new IllegalStateException("asked");
        };
        assertEquals(
                "127.0.0.1",
                find(new HostAddresses("127.0.0.1", nobody, 10_000)).join().getHostAddress());
        assertEquals(
                "0:0:0:0:0:0:0:1",
                find(new HostAddresses("[::1]", nobody, 10_000)).join().getHostAddress());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
