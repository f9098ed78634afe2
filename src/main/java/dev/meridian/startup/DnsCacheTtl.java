package dev.meridian.startup;

import java.security.Security;

/// How long this process caches a DNS answer.
///
/// Quarkus lets the JDK resolve names (`quarkus.vertx.use-async-dns` is off), and the JDK caches an answer for
/// 30 s and a failure for 10 s: too long for the name of a database that fails over.
public final class DnsCacheTtl {
    private static final String SECONDS = "2";
    private static final String FAILURE_SECONDS = "1";

    private DnsCacheTtl() {}

    /// Limits the cache, unless the security property `networkaddress.cache.ttl` is set. Has an effect only
    /// before the first lookup of a name.
    public static void limit() {
        if (Security.getProperty("networkaddress.cache.ttl") != null) return;
        Security.setProperty("networkaddress.cache.ttl", SECONDS);
        Security.setProperty("networkaddress.cache.negative.ttl", FAILURE_SECONDS);
    }
}
