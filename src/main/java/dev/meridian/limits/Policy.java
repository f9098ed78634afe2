package dev.meridian.limits;

import java.util.Locale;
import java.util.function.ToIntFunction;

/// The quotas of each caller. An operation is counted for one of them.
enum Policy {
    REQUESTS(QuotasConfig::requests),
    LIKES(QuotasConfig::likes),
    ORDERS(QuotasConfig::orders),
    TICKETS(QuotasConfig::tickets),
    SCORES(QuotasConfig::scores),
    SIGN_INS(QuotasConfig::signIns);

    private final ToIntFunction<QuotasConfig> units;

    Policy(ToIntFunction<QuotasConfig> units) {
        this.units = units;
    }

    /// The configured quota of a browser with a session.
    int units(QuotasConfig config) {
        return units.applyAsInt(config);
    }

    /// For headers and metrics: `sign-ins`.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
