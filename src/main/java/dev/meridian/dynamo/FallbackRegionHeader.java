package dev.meridian.dynamo;

import dev.meridian.http.ResponseHeader;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Names the fallback Region on every response while the fallback is in use.
final class FallbackRegionHeader {
    private static final String NAME = "X-Meridian-DynamoDB-Region";

    @Produces
    @Singleton
    ResponseHeader fallbackRegion(DynamoFailover failover) {
        return new ResponseHeader(NAME, failover.hasFallback(), failover::fallbackRegion);
    }
}
