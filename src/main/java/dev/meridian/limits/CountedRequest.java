package dev.meridian.limits;

import io.vertx.core.http.HttpServerResponse;

/// Whether a request may pass, and what its caller has left.
record CountedRequest(Quota quota, Level level) {
    /// Adds `RateLimit-Policy`, and `RateLimit` with the units that are left and the seconds until the quota is
    /// whole again, or until the request would pass (draft-ietf-httpapi-ratelimit-headers-11).
    void addHeaders(HttpServerResponse response) {
        long seconds = level.isTaken() ? level.fullSeconds() : level.waitSeconds();
        response.putHeader("RateLimit-Policy", quota.policy())
                .putHeader("RateLimit", quota.name() + ";r=" + level.left() + ";t=" + seconds);
    }
}
