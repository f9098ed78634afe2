package dev.meridian.ticket;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class TicketProblem {
    static final ProblemCode UNKNOWN_TICKET = new ProblemCode("UNKNOWN_TICKET", 404, "There is no such ticket");
    static final ProblemCode STALE_TICKET =
            new ProblemCode("STALE_TICKET", 409, "The ticket was changed by somebody else");

    private TicketProblem() {}
}
