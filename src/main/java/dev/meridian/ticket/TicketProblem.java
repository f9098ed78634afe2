package dev.meridian.ticket;

import dev.meridian.shared.ProblemCode;

enum TicketProblem implements ProblemCode {
    UNKNOWN_TICKET(404, "There is no such ticket"),
    STALE_TICKET(409, "The ticket was changed by somebody else");

    private final int status;
    private final String title;

    TicketProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
