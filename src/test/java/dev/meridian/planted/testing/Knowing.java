package dev.meridian.planted.testing;

import dev.meridian.ticket.TicketService;
import org.junit.jupiter.api.TestInfo;

/// Shared test code that uses a feature, and a library of the tests.
public class Knowing {
    TicketService tickets;
    TestInfo info;
}
