package dev.meridian.leaderboard;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The countries that have scores. A country is noted before this process writes its first score for it, so the
/// worldwide list misses no country with a score.
@ApplicationScoped
class ScoreCountries {
    private final ScoreRepository scores;
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    ScoreCountries(ScoreRepository scores) {
        this.scores = scores;
    }

    /// Notes the country: a write only until the first one succeeded in this process. First scores of a country at the
    /// same time may each write; that does no harm.
    ///
    /// @param country a valid code, so that there are 249 entries at most
    Uni<Void> note(String country) {
        if (noted.contains(country)) return Uni.createFrom().voidItem();
        return scores.addCountry(country).invoke(() -> noted.add(country));
    }

    /// All of them, strongly consistent.
    Uni<List<String>> all() {
        return scores.countries();
    }
}
