package dev.meridian.leaderboard;

import dev.meridian.retention.PersonalData;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The scores of the player who has the customer's id as a name. Other names are not known to belong to a customer.
@ApplicationScoped
class ScoreRetention implements PersonalData {
    private static final int PAGE = 100;
    private static final int AT_ONCE = 8;

    private final ScorePlayerRepository scores;

    ScoreRetention(ScorePlayerRepository scores) {
        this.scores = scores;
    }

    @Override
    public String part() {
        return "scores";
    }

    @Override
    public Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after) {
        return scores.page(customer.customerId(), after, PAGE)
                .map(page -> new Page<>(
                        page.items().stream().map(ScoreRetention::toMap).toList(), page.next()));
    }

    private static Map<String, Object> toMap(Score score) {
        return Map.of(
                "id", score.id(),
                "country", score.country(),
                "score", score.score(),
                "playedAt", score.playedAt().toString());
    }

    @Override
    public Uni<ErasedPage> erase(Subject customer, Optional<String> after) {
        return scores.page(customer.customerId(), after, PAGE)
                .chain(page -> delete(page.items())
                        .replaceWith(() -> new ErasedPage(page.items().size(), 0, page.next())));
    }

    private Uni<Void> delete(List<Score> page) {
        return Multi.createFrom()
                .iterable(page)
                .onItem()
                .transformToUni(scores::delete)
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
