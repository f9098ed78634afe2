package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.session.Caller.Fault;
import dev.meridian.shared.ProblemException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static final String OWN = "visitor-a";
    private static final String OTHER = "visitor-b";

    private static Caller visitor(String header) {
        return new Caller(Proof.guest(OWN), Optional.of(OWN), Fault.NONE, header, true);
    }

    private static Caller administrator(String header) {
        return new Caller(Proof.administrator("olga"), Optional.empty(), Fault.NONE, header, true);
    }

    private static int status(Runnable refused) {
        return assertThrows(ProblemException.class, refused::run).code().status();
    }

    @Test
    void aVisitorActsForItselfAndForCustomersOfApis() {
        assertTrue(visitor(null).mayActFor(OWN));
        assertFalse(visitor(null).mayActFor(OTHER));
        assertTrue(visitor(null).mayActFor("c-81"));
        assertEquals(404, status(() -> visitor(null).actingFor(OTHER)));
        assertEquals(Optional.of("c-81"), visitor("c-81").customerId());
        assertEquals(403, status(() -> visitor(OTHER).customerId()));
        assertEquals(Optional.empty(), visitor(OTHER).noted());
    }

    @Test
    void anAdministratorActsForEachVisitor() {
        assertEquals(OTHER, administrator(null).actingFor(OTHER));
        assertEquals(Optional.of(OTHER), administrator(OTHER).customerId());
        assertEquals(Optional.empty(), administrator(null).customerId());
    }

    @Test
    void anEndedSessionIsSaidWhereACallerIsNeeded() {
        var ended = new Caller(Proof.NOTHING, Optional.empty(), Fault.ENDED, null, true);
        assertEquals(401, status(ended::customerId));
        assertEquals(401, status(() -> ended.actingFor(OWN)));
        assertEquals("c-81", ended.actingFor("c-81"));
        assertEquals(Optional.empty(), ended.noted());
    }
}
