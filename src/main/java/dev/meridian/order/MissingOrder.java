package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// An order that had been confirmed when the SQL writer failed over, and that the new writer lacked or contradicted.
///
/// @param orderId the order's id
/// @param customerId who ordered
/// @param acceptedAt when it was taken
/// @param confirmedAt when the journal was told that it was confirmed, before the failover
/// @param foundAt when it was found missing
/// @param outcome what became of it
/// @param reason why it is rejected, or what SQL had instead; absent otherwise
/// @param region where it was taken
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "MissingOrder")
public record MissingOrder(
        @Schema(examples = "2GP53PP4VF4BYGPX59XX9CPEY6") String orderId,
        @Schema(examples = "c-81") String customerId,
        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant acceptedAt,
        @Schema(examples = "2026-11-21T07:01:33.178Z") Instant confirmedAt,
        @Schema(examples = "2026-11-21T07:03:10.002Z") Instant foundAt,
        Outcome outcome,

        @Schema(examples = "OUT_OF_STOCK: p-17 (was confirmed, then lost when the SQL writer failed over)")
        String reason,

        @Schema(examples = "eu-west-1") String region) {

    /// What became of it.
    @Schema(name = "MissingOrderOutcome")
    public enum Outcome {
        /// It is confirmed again, or was and is cancelled since.
        @JsonProperty("replayed")
        REPLAYED,
        /// It can no longer be fulfilled.
        @JsonProperty("rejected")
        REJECTED,
        /// It is not carried out yet.
        @JsonProperty("open")
        OPEN;

        static Outcome of(Order.Status status) {
            return switch (status) {
                case ACCEPTED -> OPEN;
                case REJECTED -> REJECTED;
                case CONFIRMED, CANCELLED -> REPLAYED;
            };
        }
    }
}
