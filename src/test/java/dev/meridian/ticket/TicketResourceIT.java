package dev.meridian.ticket;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class TicketResourceIT extends TicketResourceTest {}
