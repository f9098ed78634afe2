package dev.meridian.ticket;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One change of a ticket: the state that it was given. The oldest one of a ticket is what it was created with.
///
/// @param version the version that the change made. Two changes with one version were made in two Regions that
///     did not have each other's yet; the later one stands
/// @param changedAt when, UTC, to the microsecond; of a ticket's first state when it was created; absent for
///     a change by a version of the service that kept none
/// @param region the Region that took the change; absent where that is not known
/// @param description the text since then
/// @param assigned who worked on it since then
/// @param priority how urgent it was since then
/// @param status its state since then
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "TicketChange")
public record TicketChange(
        @Schema(examples = "2") long version,

        @Schema(examples = "2026-11-21T07:01:33.000001Z") Instant changedAt,

        @Schema(examples = "eu-west-1") String region,

        @Schema(examples = "The cyclops ate my order confirmation.")
        String description,

        @Schema(examples = "support") String assigned,
        Priority priority,
        Status status) {}
