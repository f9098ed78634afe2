package dev.meridian.startup;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Looks up addresses of hosts on threads of its own, at most one for each host at a time, since the JDK blocks the
/// thread that asks for as long as a name server is silent. Thread-safe.
final class NameLookups {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Lookup lookup;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();
    /// Hosts come from the configuration, so there are few.
    private final ConcurrentMap<String, List<InetAddress>> last = new ConcurrentHashMap<>();
    private final Executor threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("host-lookup-", 0).factory());

    /// What blocks: `InetAddress.getAllByName`.
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    NameLookups(Lookup lookup) {
        this.lookup = lookup;
    }

    /// Joins the look-up that is running, or starts one. It fails with a [CompletionException].
    CompletableFuture<List<InetAddress>> find(String host) {
        var mine = running.computeIfAbsent(host, _ -> CompletableFuture.supplyAsync(() -> look(host), threads));
        mine.whenComplete((_, _) -> running.remove(host, mine));
        return mine;
    }

    /// The addresses found last.
    Optional<List<InetAddress>> last(String host) {
        return Optional.ofNullable(last.get(host));
    }

    private List<InetAddress> look(String host) {
        try {
            var found = List.of(lookup.all(host));
            last.put(host, found);
            return found;
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }
}
