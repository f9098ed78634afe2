package dev.meridian.dynamoclient;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// The addresses of one host, asked for when a connection is opened.
///
/// The JDK blocks the thread that asks for as long as a name server is silent, and Quarkus lets Vert.x ask on
/// the event loop. Here a thread of its own asks, one at a time, and those who need an address wait a limited
/// time. Then, or when the look-up fails, the answer before is used. Each connection goes to one of the
/// addresses at random: DynamoDB's name has many, and others every few seconds. How long an answer is
/// believed is up to the JDK (`networkaddress.cache.ttl`).
final class HostAddresses {
    private final String host;
    private final Resolver resolver;
    private final long patienceMillis;
    private final Executor threads;
    private final InetAddress literal;
    private CompletableFuture<InetAddress[]> running;
    private volatile InetAddress[] last;

    /// What blocks: `InetAddress.getAllByName`.
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    HostAddresses(String host, Resolver resolver, long patienceMillis) {
        this(host, resolver, patienceMillis, HostAddresses::newThread);
    }

    /// @param threads runs each look-up in a thread of its own
    HostAddresses(String host, Resolver resolver, long patienceMillis, Executor threads) {
        this.host = host;
        this.resolver = resolver;
        this.patienceMillis = patienceMillis;
        this.threads = threads;
        this.literal = literal(host);
    }

    private static void newThread(Runnable lookup) {
        Thread.ofPlatform().daemon().name("dynamodb-host-lookup").start(lookup);
    }

    /// Whether the host is an address, so that it has no name for SNI (RFC 6066).
    boolean isLiteral() {
        return literal != null;
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// One of its addresses, on the event loop. It carries the name as configured, against which a certificate is
    /// checked.
    void find(LoopContext loop, BiConsumer<InetAddress, Throwable> found) {
        if (literal != null) found.accept(literal, null);
        else new Search(loop, found).begin();
    }

    private final class Search {
        private final LoopContext loop;
        private final BiConsumer<InetAddress, Throwable> found;
        private boolean isEnded;

        Search(LoopContext loop, BiConsumer<InetAddress, Throwable> found) {
            this.loop = loop;
            this.found = found;
        }

        void begin() {
            var timer =
                    loop.after(patienceMillis, () -> end(null, new UnknownHostException(host + ": no answer in time")));
            current()
                    .whenComplete((addresses, failure) -> loop.onLoop(() -> {
                        timer.cancel(false);
                        end(addresses, failure);
                    }));
        }

        private void end(InetAddress[] addresses, Throwable failure) {
            if (isEnded) return;
            isEnded = true;
            var usable = addresses == null ? last : addresses;
            if (usable == null) found.accept(null, failure);
            else found.accept(usable[ThreadLocalRandom.current().nextInt(usable.length)], null);
        }
    }

    private synchronized CompletableFuture<InetAddress[]> current() {
        if (running == null) {
            var mine = new CompletableFuture<InetAddress[]>();
            running = mine;
            try {
                threads.execute(() -> look(mine));
            } catch (Throwable e) {
                // No thread, for want of memory: the next one tries again.
                running = null;
                mine.completeExceptionally(e);
                return mine;
            }
        }
        return running;
    }

    private void look(CompletableFuture<InetAddress[]> lookup) {
        try {
            var addresses = named(resolver.resolve(host));
            last = addresses;
            ended();
            lookup.complete(addresses);
        } catch (Throwable e) {
            ended();
            lookup.completeExceptionally(e);
        }
    }

    /// Those of the family that the JDK prefers: a host may have addresses of the other one without being
    /// reachable there.
    private InetAddress[] named(InetAddress[] all) throws UnknownHostException {
        var usable = Stream.of(all)
                .filter(address -> address.getClass() == all[0].getClass())
                .toArray(InetAddress[]::new);
        for (var i = 0; i < usable.length; i++) usable[i] = InetAddress.getByAddress(host, usable[i].getAddress());
        return usable;
    }

    private synchronized void ended() {
        running = null;
    }
}
