package dev.meridian.planted.lab.replication;

import dev.meridian.planted.lab.Composition;
import dev.meridian.planted.lab.page.Upper;
import dev.meridian.ticket.TicketService;

/// A part at the bottom of the lab that calls one above it, the root's insides, and a feature of the product.
public class Lower {
    Upper upper;
    Composition composition;
    TicketService tickets;
}
