package dev.meridian.leaderboard;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The countries that have scores. A country is recorded before this process writes its first score for it, so
/// the worldwide list misses no country with a score.
@ApplicationScoped
class ScoreCountries {
    private final ScoreRepository scores;
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    ScoreCountries(ScoreRepository scores) {
        this.scores = scores;
    }

    /// Records the country: a write only until the first one has succeeded in this process. Concurrent first
    /// scores of a country may each write; that does no harm.
    ///
    /// @param country a valid code, so that there are 249 entries at most
    Uni<Void> note(String country) {
        if (noted.contains(country)) return Uni.createFrom().voidItem();
        return scores.addCountry(country).invoke(() -> noted.add(country));
    }

    /// All countries that have scores, strongly consistent.
    Uni<List<String>> all() {
        return scores.countries();
    }
}
