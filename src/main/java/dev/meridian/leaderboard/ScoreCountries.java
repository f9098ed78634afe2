package dev.meridian.leaderboard;

import dev.meridian.async.CallerContext;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// The countries that have scores. A country is noted before this process writes its first score for it, so a
/// score is never in a country that the worldwide list does not look at.
@ApplicationScoped
class ScoreCountries {
    private final ImportRepository repository;
    private final ConcurrentHashMap<String, Uni<Void>> noted = new ConcurrentHashMap<>();

    ScoreCountries(ImportRepository repository) {
        this.repository = repository;
    }

    /// Notes the country: one write for each process and country, nothing afterwards.
    ///
    /// @param country a valid code, so that there are 249 entries at most
    Uni<Void> note(String country) {
        return CallerContext.resumeOn(Uni.createFrom().deferred(() -> {
            var note = noted.computeIfAbsent(
                    country, code -> repository.addCountry(code).memoize().indefinitely());
            return note.onFailure().invoke(_ -> noted.remove(country, note));
        }));
    }

    /// All of them, strongly consistent.
    Uni<List<String>> all() {
        return repository.countries();
    }
}
