package dev.meridian.sqlpool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Looks up the address of one host.
///
/// The JDK blocks the thread that asks for as long as a name server is silent, and Quarkus lets Vert.x ask on
/// the event loop. Here a thread of its own asks, which ends when nobody needs it for a while, and those who
/// need the address wait a limited time. Then, or when the look-up fails, the address found last is used:
/// what answers there must still prove who it is. How long an answer is believed is up to the JDK's cache
/// (`startup.DnsCacheTtl`).
final class HostLookup {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final long IDLE_SECONDS = 10;

    private final String host;
    private final Resolver resolver;
    private final Executor thread = new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("sql-host-lookup").factory());
    private CompletableFuture<InetAddress> running;
    private long startedAt;
    private volatile InetAddress last;

    /// What blocks: `InetAddress.getByName`.
    interface Resolver {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    HostLookup(String host, Resolver resolver) {
        this.host = host;
        this.resolver = resolver;
    }

    /// Its address; it carries the name as configured, so that a certificate is checked against that.
    Future<InetAddress> address(EventLoop loop) {
        Promise<InetAddress> answer = loop.promise();
        var lookup = current();
        var timer = loop.after(patienceLeft(), () -> settle(answer, null, late()));
        lookup.whenComplete((address, failure) -> {
            loop.cancel(timer);
            settle(answer, address, failure);
        });
        return answer.future();
    }

    private synchronized CompletableFuture<InetAddress> current() {
        if (running == null) {
            var mine = new CompletableFuture<InetAddress>();
            running = mine;
            startedAt = System.nanoTime();
            thread.execute(() -> look(mine));
        }
        return running;
    }

    private void look(CompletableFuture<InetAddress> lookup) {
        try {
            var address = InetAddress.getByAddress(host, resolver.resolve(host).getAddress());
            last = address;
            ended();
            lookup.complete(address);
        } catch (UnknownHostException | RuntimeException e) {
            ended();
            lookup.completeExceptionally(e);
        }
    }

    private synchronized void ended() {
        running = null;
    }

    private synchronized Duration patienceLeft() {
        return PATIENCE.minusNanos(System.nanoTime() - startedAt);
    }

    private void settle(Promise<InetAddress> answer, InetAddress found, Throwable failure) {
        var address = found == null ? last : found;
        if (address == null) {
            answer.tryFail(failure);
        } else {
            answer.tryComplete(address);
        }
    }

    private UnknownHostException late() {
        return new UnknownHostException(host + ": no answer from a name server within " + PATIENCE.toMillis() + " ms");
    }
}
