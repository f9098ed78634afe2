package dev.meridian.sqlpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochFenceTest {
    private final EpochFence fence = new EpochFence(List.of("a:1", "b:2"));

    @Test
    void withoutAnEpochEveryCandidateIsAdmitted() {
        assertTrue(fence.admits("a:1") && fence.admits("b:2"));
        fence.hold();
        assertFalse(fence.admits("a:1") || fence.admits("b:2"));
        assertFalse(fence.raiseTo(0, ""));
        assertTrue(fence.admits("a:1") && fence.admits("b:2"));
        assertEquals(Optional.empty(), fence.inWords());
    }

    @Test
    void theHighestEpochStandsAndOfOneEpochTheLaterWriter() {
        assertTrue(fence.raiseTo(2, "b:2"));
        assertFalse(fence.raiseTo(2, "B:2"), "the same");
        assertFalse(fence.raiseTo(1, "a:1"), "older");
        assertFalse(fence.raiseTo(0, ""), "an item that was deleted sets nobody free");
        assertTrue(fence.admits("b:2"));
        assertFalse(fence.admits("a:1"));
        // Two Regions have set it at once, and the table kept this one.
        assertTrue(fence.raiseTo(2, "a:1"));
        assertTrue(fence.admits("a:1"));
        assertFalse(fence.admits("b:2"));
        assertEquals(Optional.of("epoch 2: a:1"), fence.inWords());
        assertEquals(2, fence.epoch());
        assertTrue(fence.raiseTo(3, "a:1"), "a new number is news, though the writer stays");
    }

    @Test
    void aWriterThatIsNoCandidateLeavesNobodyAndIsNotShown() {
        assertTrue(fence.raiseTo(1, "c:3"));
        assertFalse(fence.admits("a:1") || fence.admits("b:2"));
        assertTrue(fence.refusal().orElse("").startsWith("The writer epoch names a server"));
        assertEquals(Optional.empty(), fence.inWords());
        fence.raiseTo(2, "a:1");
        assertEquals(Optional.empty(), fence.refusal());
    }
}
