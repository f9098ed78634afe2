package dev.meridian.leaderboard;

import dev.meridian.async.RequestCoalescer;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Top lists: of a country from the index; worldwide by merging the best of each country. See docs/adr/0004-worldwide-
/// top-list.md.
@ApplicationScoped
class TopScores {
    /// Most requests ask for the default number; they need not read a hundred scores of every country.
    private static final int SHORT_LIST = 10;

    private final ScoreRepository scores;
    private final ScoreCountries countries;
    private final LeaderboardConfig config;
    private final RequestCoalescer<Integer, List<Score>> worldwide;

    TopScores(ScoreRepository scores, ScoreCountries countries, LeaderboardConfig config) {
        this.scores = scores;
        this.countries = countries;
        this.config = config;
        this.worldwide =
                new RequestCoalescer<>((length, _) -> merge(length), config.waitingMax(), config.worldwideInterval());
    }

    Uni<List<Score>> top(Optional<String> country, int limit) {
        if (limit < 1 || limit > config.listMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.listMax());
        }
        if (country.isPresent()) return scores.top(ScoreRules.country(country.get()), limit);
        return worldwide
                .join(limit <= SHORT_LIST ? SHORT_LIST : config.listMax())
                .map(list -> list.stream().limit(limit).toList());
    }

    private Uni<List<Score>> merge(int limit) {
        return countries
                .all()
                .onItem()
                .transformToMulti(Multi.createFrom()::iterable)
                .onItem()
                .transformToUni(country -> scores.top(country, limit))
                .merge(config.worldwideParallelism())
                .onItem()
                .disjoint()
                .collect()
                .asList()
                .map(heads -> heads.stream()
                        .map(Score.class::cast)
                        .sorted(Score.BEST_FIRST)
                        .limit(limit)
                        .toList());
    }
}
