package dev.meridian.retention;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What the store knows of a customer, or a page of it.
///
/// @param customerId the customer
/// @param exportedAt when it was read
/// @param region the Region whose replicas were read
/// @param parts the items of each part; parts without items are absent
@Schema(name = "CustomerData")
public record CustomerData(
        @Schema(examples = "c-81") String customerId,
        Instant exportedAt,
        @Schema(examples = "eu-west-1") String region,
        Map<String, List<Map<String, Object>>> parts) {}
