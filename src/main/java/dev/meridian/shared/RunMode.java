package dev.meridian.shared;

/// Whether this process is in production. Only this decides it: the name of a profile and the way in which
/// the process is started do not.
public enum RunMode {
    /// Real customers: no table and no schema is made at start, admin calls and pages need their secrets. The
    /// default.
    PRODUCTION,
    /// Dev mode, tests and benchmarks: tables, schema and sample data are made at start, secrets are optional,
    /// time limits are wide (`test-mode.properties`).
    TEST;

    /// The key that chooses the mode, `production` or `test`.
    public static final String KEY = "meridian.mode";

    /// The mode that a value of [#KEY] names.
    ///
    /// @param value null and anything but `test` mean production; the configuration refuses other values
    public static RunMode of(String value) {
        return value != null && value.strip().equalsIgnoreCase(TEST.name()) ? TEST : PRODUCTION;
    }

    /// Whether this is [#PRODUCTION].
    public boolean isProduction() {
        return this == PRODUCTION;
    }
}
