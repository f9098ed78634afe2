package dev.meridian.sqlpool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The resolver of the JVM of the tests: it knows `*.here.test` as this machine, and asks a name server that
/// is silent for `*.silent.test`. For `*.slow.test` it gives up after a while, as a system does. The rest is
/// the system's.
public final class TestNames extends InetAddressResolverProvider {
    private static final long SLOW_SECONDS = 2;
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final CountDownLatch ANSWER = new CountDownLatch(1);
    private static final AtomicInteger ASKING = new AtomicInteger();
    private static final AtomicInteger ASKED = new AtomicInteger();

    /// How many threads wait for the silent name server now.
    static int asking() {
        return ASKING.get();
    }

    /// How often it was asked.
    static int asked() {
        return ASKED.get();
    }

    /// The silent name server says that it knows none of its names.
    static void answer() {
        ANSWER.countDown();
    }

    @Override
    public String name() {
        return "names of the tests";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        var system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                if (host.endsWith(".here.test")) {
                    return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
                }
                if (host.endsWith(".silent.test")) waitForAnswer(host);
                if (host.endsWith(".slow.test")) waitForNothing(host);
                return system.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    private static void waitForAnswer(String host) throws UnknownHostException {
        ASKED.incrementAndGet();
        ASKING.incrementAndGet();
        try {
            ANSWER.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ASKING.decrementAndGet();
        }
        throw new UnknownHostException(host);
    }

    private static void waitForNothing(String host) throws UnknownHostException {
        try {
            NEVER.await(SLOW_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException(host);
    }
}
