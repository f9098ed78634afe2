package dev.meridian.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.RunMode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitFaultsTest {
    /// Everything but `next` fails.
    private static RoutingContext broken(List<String> calls) {
        return (RoutingContext) Proxy.newProxyInstance(
                LimitFaultsTest.class.getClassLoader(), new Class<?>[] {RoutingContext.class}, (_, method, _) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("next")) return null;
                    throw new IllegalStateException("broken for this test");
                });
    }

    @Test
    void aFaultOfTheLimitsFailsNoRequest() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(QuotasConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .build()
                .getConfigMapping(QuotasConfig.class);
        ModeConfig mode = () -> RunMode.PRODUCTION;
        var meters = new SimpleMeterRegistry();
        var limits = new RateLimits(config, null, null, meters, mode);
        var calls = new ArrayList<String>();
        limits.check(broken(calls));
        limits.check(broken(calls));
        assertEquals(List.of("request", "next", "request", "next"), calls);
        assertEquals(2, meters.counter("meridian.quotas.faults").count());
    }
}
