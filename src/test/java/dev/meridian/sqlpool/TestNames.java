package dev.meridian.sqlpool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The resolver of the JVM of the tests: it knows `*.here.test` as this machine, and asks a name server that
/// is silent for `*.silent.test`. The rest is the system's.
public final class TestNames extends InetAddressResolverProvider {
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
}
