package dev.meridian.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {
    @Test
    void sixtyPercentOfTheServersLimitIsEnough() {
        assertEquals(Optional.empty(), ConnectionBudget.warning(6, 16, 170));
        assertEquals(
                Optional.of("6 tasks may open 17 connections each to the SQL writer, 102 in all, and 60 % of its"
                        + " max_connections (169) is 101: set a smaller meridian.sql.writer-pool-size, run fewer tasks,"
                        + " or take a larger instance"),
                ConnectionBudget.warning(6, 16, 169));
    }

    @Test
    void largeNumbersDoNotOverflow() {
        assertTrue(ConnectionBudget.warning(100_000, 500, 200_000_000).isEmpty());
        assertTrue(ConnectionBudget.warning(100_000, 500, 1000).isPresent());
    }
}
