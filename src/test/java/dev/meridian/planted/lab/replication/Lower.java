package dev.meridian.planted.lab.replication;

import dev.meridian.planted.lab.Composition;
import dev.meridian.planted.lab.page.Upper;
import dev.meridian.planted.testing.Knowing;
import dev.meridian.ticket.TicketService;

/// A lower package of the lab that calls an upper one, an internal class of the root, a feature, and by way
/// of shared test code a library of the tests.
public class Lower {
    Upper upper;
    Composition composition;
    TicketService tickets;
    Knowing knowing;
}
