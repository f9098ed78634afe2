package dev.meridian.limits;

import java.util.Locale;
import java.util.function.ToIntFunction;

/// The quotas of each caller. An operation is counted for one of them.
enum Policy {
    REQUESTS(LimitsConfig::requests),
    LIKES(LimitsConfig::likes),
    ORDERS(LimitsConfig::orders),
    TICKETS(LimitsConfig::tickets),
    SCORES(LimitsConfig::scores),
    SIGN_INS(LimitsConfig::signIns);

    private final ToIntFunction<LimitsConfig> units;

    Policy(ToIntFunction<LimitsConfig> units) {
        this.units = units;
    }

    /// The configured quota of a browser with a session.
    int units(LimitsConfig config) {
        return units.applyAsInt(config);
    }

    /// For headers and metrics: `sign-ins`.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
