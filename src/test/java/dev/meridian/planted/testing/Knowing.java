package dev.meridian.planted.testing;

import dev.meridian.ticket.TicketService;

/// Something that all tests share, and that knows a feature.
class Knowing {
    TicketService tickets;
}
