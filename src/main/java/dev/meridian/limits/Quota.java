package dev.meridian.limits;

import dev.meridian.limits.BucketOwner.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;

/// What one kind of caller may do of one kind of operation.
///
/// @param rate how much in what time
/// @param name the name in the headers, a string of RFC 9651: `"orders-session"`
/// @param policy the header `RateLimit-Policy`: the quota and its window in seconds
/// @param refusal what a caller is told, without the end of the sentence
/// @param refused counts refusals
record Quota(Rate rate, String name, String policy, String refusal, Counter refused) {
    /// The quotas of a kind of caller, in the order of [Policy].
    static Quota[] all(Kind kind, QuotasConfig config, MeterRegistry meters) {
        return Arrays.stream(Policy.values())
                .map(policy -> of(kind, policy, config, meters))
                .toArray(Quota[]::new);
    }

    private static Quota of(Kind kind, Policy policy, QuotasConfig config, MeterRegistry meters) {
        int factor = switch (kind) {
            case SESSION -> 1;
            case MACHINE -> config.machineFactor();
            case ADDRESS -> config.addressFactor();
        };
        var rate = new Rate(Math.multiplyExact(policy.units(config), factor), config.window());
        var caller = kind.name().toLowerCase(Locale.ROOT);
        var name = "\"" + policy.label() + "-" + caller + "\"";
        var header = name + ";q=" + rate.units() + ";w="
                + Math.max(1, config.window().toSeconds());
        var refusal = "Too many " + policy.label().replace('-', ' ') + " of this " + caller;
        return new Quota(
                rate,
                name,
                header,
                refusal,
                meters.counter("meridian.quotas.refused", "policy", policy.label(), "caller", caller));
    }
}
