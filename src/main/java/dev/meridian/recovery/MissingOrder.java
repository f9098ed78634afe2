package dev.meridian.recovery;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.MissingEntry;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One line of the report: an order that was confirmed before the SQL writer failed over, and that the new writer
/// lacked or contradicted; or one that may have been.
///
/// @param orderId the order's id
/// @param customerId who ordered
/// @param acceptedAt when the order was taken
/// @param confirmedAt when the journal recorded its confirmation, before the failover; absent when it is not
///     known that it was confirmed
/// @param foundAt when it was found missing
/// @param outcome what became of it
/// @param reason why it is rejected, or what SQL had instead; absent otherwise
/// @param region where the order was taken
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "MissingOrder")
record MissingOrder(
        @Schema(examples = "2GP53PP4VF4BYGPX59XX9CPEY6") String orderId,
        @Schema(examples = "c-81") String customerId,
        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant acceptedAt,
        @Schema(examples = "2026-11-21T07:01:33.178Z") Instant confirmedAt,
        @Schema(examples = "2026-11-21T07:03:10.002Z") Instant foundAt,
        Outcome outcome,

        @Schema(examples = "OUT_OF_STOCK: p-17 (was confirmed, then lost when the SQL writer failed over)")
        String reason,

        @Schema(examples = "eu-west-1") String region) {

    /// What became of a missing order.
    @Schema(name = "MissingOrderOutcome")
    enum Outcome {
        /// It is confirmed again, or cancelled: its customer asked for that.
        @JsonProperty("replayed")
        REPLAYED,
        /// It cannot be fulfilled any more.
        @JsonProperty("rejected")
        REJECTED,
        /// It is not settled yet.
        @JsonProperty("open")
        OPEN;

        private static Outcome of(JournalEntry.State state) {
            return switch (state) {
                case ACCEPTED -> OPEN;
                case REJECTED -> REJECTED;
                case CONFIRMED, CANCELLED -> REPLAYED;
            };
        }
    }

    static MissingOrder of(MissingEntry entry) {
        var missing = entry.missing();
        return new MissingOrder(
                entry.orderId(),
                entry.customerId(),
                entry.acceptedAt(),
                missing.confirmedAt(),
                missing.foundAt(),
                Outcome.of(entry.state()),
                missing.note() == null ? entry.reason() : missing.note(),
                entry.region());
    }
}
