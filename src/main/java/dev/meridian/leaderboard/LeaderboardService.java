package dev.meridian.leaderboard;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// The leaderboard: submit a score, read top lists and a player's standing.
@ApplicationScoped
public class LeaderboardService {
    private final ScoreRepository scores;
    private final ScoreCountries countries;
    private final TopScores tops;
    private final RegionConfig region;
    private final Counter taken;

    LeaderboardService(
            ScoreRepository scores,
            ScoreCountries countries,
            TopScores tops,
            RegionConfig region,
            MeterRegistry meters) {
        this.scores = scores;
        this.countries = countries;
        this.tops = tops;
        this.region = region;
        this.taken = meters.counter("meridian.scores");
    }

    /// Stores a score, durable when answered. The same player and idempotency key are the same score in every
    /// Region; a retry returns it again.
    ///
    /// @param player 1 to 64 printable characters, not beginning with `#`
    /// @param country ISO 3166-1 alpha-2, either case
    /// @param score 0 to 10^12
    /// @param idempotencyKey of the caller
    /// @throws ProblemException 400 for a wrong value, 422 when the key was used for another score of this player
    public Uni<Score> submit(String player, String country, long score, Optional<String> idempotencyKey) {
        var entry = new ScoreEntry(player, country, score);
        var id = idempotencyKey
                .map(key -> Ids.derive("score", entry.player(), key))
                .orElseGet(Ids::ulid);
        var submitted = new Score(
                id,
                entry.player(),
                entry.country(),
                entry.score(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                region.name());
        return countries
                .note(submitted.country())
                .chain(() -> scores.create(submitted))
                .invoke(stored -> {
                    if (stored.equals(submitted)) {
                        taken.increment();
                        Log.infof("score taken scoreId=%s country=%s", id, stored.country());
                    } else if (stored.score() != submitted.score()
                            || !stored.country().equals(submitted.country())) {
                        throw new ProblemException(
                                SharedProblem.IDEMPOTENCY_KEY_REUSED,
                                "The key belongs to another score of this player, " + stored.id() + ".");
                    }
                });
    }

    /// Stores up to 25 scores in one request; those that are taken are durable. Repeating it changes nothing.
    ///
    /// @param scores no two with one id
    /// @return those that DynamoDB did not take, for the caller to send again
    /// @throws ProblemException 503 when DynamoDB does not answer: any of them may be stored
    public Uni<List<Score>> storeAll(List<Score> scores) {
        if (scores.isEmpty()) return Uni.createFrom().item(List.of());
        return Multi.createFrom()
                .items(scores.stream().map(Score::country).distinct())
                .onItem()
                .transformToUniAndConcatenate(countries::note)
                .onItem()
                .ignoreAsUni()
                .chain(() -> this.scores.putAll(scores));
    }

    /// The best scores, best first; of equal ones the earlier. Eventually consistent, milliseconds behind the
    /// writes.
    ///
    /// @param country empty for all countries
    /// @param limit 1 to `meridian.leaderboard.list-max`
    /// @throws ProblemException 400 for a wrong country or limit
    public Uni<List<Score>> top(Optional<String> country, int limit) {
        return tops.top(country, limit);
    }

    /// A player's best score (strongly consistent) and its rank in its country (eventually consistent).
    ///
    /// @throws ProblemException 404 for a player without a score
    public Uni<PlayerStanding> standing(String player) {
        var name = ScoreRules.player(player);
        return scores.best(name).chain(found -> {
            var best = found.score()
                    .orElseThrow(() -> new ProblemException(
                            LeaderboardProblem.UNKNOWN_PLAYER, "No score of player " + name + "."));
            if (!found.complete()) {
                return Uni.createFrom().item(new PlayerStanding(name, best.country(), best, null));
            }
            return scores.playersBefore(best)
                    .map(before -> new PlayerStanding(
                            name, best.country(), best, before.isPresent() ? before.getAsInt() + 1 : null));
        });
    }
}
