package dev.meridian.ticket;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A support ticket.
///
/// @param id a ULID, or an id derived from the idempotency key
/// @param description what is wrong, 10 to 2,000 characters
/// @param assigned who works on it
/// @param priority how urgent it is
/// @param status its state
/// @param createdBy who reported it
/// @param createdOn when it was created, UTC, to the second
/// @param version 1 when new, one more with each change
@Schema(name = "Ticket")
public record Ticket(
        @Schema(examples = "01KAH3V3W8Q7J2Z5N0R4T6Y8XB") String id,

        @Schema(examples = "The cyclops ate my order confirmation.")
        String description,

        @Schema(examples = "support") String assigned,
        Priority priority,
        Status status,
        @Schema(examples = "p.oseidon@example.com") String createdBy,

        @JsonFormat(pattern = "yyyy-MM-dd HH:mm:ss", timezone = "UTC")
        @Schema(
                type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING,
                examples = "2026-11-21 07:01:33")
        Instant createdOn,

        @Schema(examples = "1") long version) {

    /// How urgent a ticket is.
    public enum Priority {
        LOW,
        MEDIUM,
        HIGH;

        /// The value in JSON and in the store, lower case.
        @JsonValue
        public String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The state of a ticket.
    public enum Status {
        OPEN,
        ASSIGNED,
        CLOSED;

        /// The value in JSON and in the store, lower case.
        @JsonValue
        public String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
