package dev.meridian.planted.testing;

import dev.meridian.ticket.TicketService;

/// Shared test code that uses a feature.
class Knowing {
    TicketService tickets;
}
