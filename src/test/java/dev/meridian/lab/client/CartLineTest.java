package dev.meridian.lab.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.client.CartLine.Edit;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CartLineTest {
    private final CartLine line = new CartLine();

    private Set<Integer> allowed() {
        return IntStream.range(0, 100).filter(line::allows).boxed().collect(Collectors.toSet());
    }

    private void acknowledged(boolean sets, int quantity) {
        line.acknowledged(new Edit(sets, quantity), System.nanoTime(), "eu-west-1");
    }

    @Test
    void editsWithAnswersLeaveOneQuantity() {
        assertEquals(Set.of(0), allowed());
        acknowledged(true, 5);
        acknowledged(false, 2);
        assertEquals(Set.of(7), allowed());
        acknowledged(true, 0);
        acknowledged(false, 3);
        assertEquals(Set.of(3), allowed());
        assertTrue(line.isCertain());
    }

    @Test
    void anAddThatIsRepeatedCountsOnce() {
        acknowledged(true, 5);
        var add = new Edit(false, 2);
        line.unanswered(add);
        line.unanswered(add);
        assertEquals(Set.of(5, 7), allowed());
        line.acknowledged(add, System.nanoTime(), "eu-west-1");
        assertEquals(Set.of(7), allowed());
    }

    @Test
    void anEditWithoutAnswerMayTakeEffectLater() {
        acknowledged(true, 5);
        line.unanswered(new Edit(true, 9));
        acknowledged(false, 2);
        assertEquals(Set.of(7, 9, 11), allowed());
        assertFalse(line.isCertain());
    }

    @Test
    void afterManyEditsWithoutAnswerEverythingIsAllowed() {
        for (int i = 0; i < 6; i++) line.unanswered(new Edit(false, 1));
        assertEquals(100, allowed().size());
        line.acknowledged(new Edit(true, 4), System.nanoTime() + 30_000_000_000L, "eu-west-1");
        assertEquals(Set.of(4), allowed());
    }
}
