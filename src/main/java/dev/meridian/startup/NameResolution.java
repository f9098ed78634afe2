package dev.meridian.startup;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Promise;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Lets no event loop of Vert.x wait for a name server, whichever client asks: that of the spans' exporter, say.
///
/// Vert.x leaves names to Netty's default resolver, which lets the JDK block the event loop; Quarkus takes
/// the other one of Vert.x out of a native executable. Netty stores one resolver for each event loop in a map
/// that only itself adds to, so ours gets there by reflection.
@Singleton
@RegisterForReflection(targets = AddressResolverGroup.class, methods = false)
class NameResolution {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Vertx vertx;

    NameResolution(Vertx vertx) {
        this.vertx = vertx;
    }

    /// The other way to the event loops is internal to Vert.x.
    @SuppressWarnings("deprecation")
    void onStart(@Observes StartupEvent start) {
        install(vertx.nettyEventLoopGroup(), new NameLookups(InetAddress::getAllByName));
    }

    /// Replaces the resolvers of these event loops.
    static void install(EventExecutorGroup loops, NameLookups lookups) {
        var resolvers = resolvers();
        synchronized (resolvers) {
            for (var loop : loops) {
                resolvers.put(loop, new OffLoopResolver(loop, lookups).asAddressResolver());
                loop.terminationFuture().addListener(_ -> remove(resolvers, loop));
            }
        }
    }

    private static void remove(Map<EventExecutor, AddressResolver<InetSocketAddress>> resolvers, EventExecutor loop) {
        synchronized (resolvers) {
            resolvers.remove(loop);
        }
    }

    /// Guarded by itself.
    @SuppressWarnings("unchecked")
    private static Map<EventExecutor, AddressResolver<InetSocketAddress>> resolvers() {
        try {
            var field = AddressResolverGroup.class.getDeclaredField("resolvers");
            field.setAccessible(true);
            return (Map<EventExecutor, AddressResolver<InetSocketAddress>>)
                    field.get(DefaultAddressResolverGroup.INSTANCE);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Netty stores its resolvers elsewhere now", e);
        }
    }

    /// Waits a limited time. Then, or when the look-up fails, the addresses found last are used: what answers there
    /// must still prove who it is.
    private static final class OffLoopResolver extends InetNameResolver {
        private final NameLookups lookups;

        OffLoopResolver(EventExecutor loop, NameLookups lookups) {
            super(loop);
            this.lookups = lookups;
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> answer) {
            Promise<List<InetAddress>> all = executor().newPromise();
            all.addListener(_ -> {
                if (all.isSuccess()) {
                    answer.trySuccess(all.getNow().getFirst());
                } else {
                    answer.tryFailure(all.cause());
                }
            });
            doResolveAll(host, all);
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> answer) {
            var timer = executor()
                    .schedule(() -> settle(host, answer, late(host)), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            lookups.find(host).whenComplete((found, failure) -> {
                timer.cancel(false);
                if (failure == null) {
                    answer.trySuccess(found);
                } else {
                    settle(host, answer, failure.getCause());
                }
            });
        }

        private void settle(String host, Promise<List<InetAddress>> answer, Throwable failure) {
            lookups.last(host).ifPresentOrElse(answer::trySuccess, () -> answer.tryFailure(failure));
        }

        private static UnknownHostException late(String host) {
            return new UnknownHostException(
                    host + ": no answer from a name server within " + PATIENCE.toMillis() + " ms");
        }
    }
}
