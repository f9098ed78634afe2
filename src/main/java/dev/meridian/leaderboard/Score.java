package dev.meridian.leaderboard;

import java.time.Instant;
import java.util.Comparator;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One score of one player. Never changed once it is stored.
///
/// @param id a ULID, or 26 characters of the same alphabet derived from player and idempotency key
/// @param player the player's name: 1 to 64 printable characters, not beginning with `#`
/// @param country the country that the player plays for, ISO 3166-1 alpha-2 in upper case
/// @param score 0 to 10^12
/// @param playedAt when it was played, UTC, to the millisecond
/// @param region the Region that took the score
@Schema(name = "Score")
public record Score(
        @Schema(examples = "01KAH3V3W8Q7J2Z5N0R4T6Y8XB") String id,
        @Schema(examples = "quiet-falcon") String player,
        @Schema(examples = "NL") String country,
        @Schema(examples = "981250") long score,

        @Schema(examples = "2026-11-21T07:01:33.250Z") Instant playedAt,

        @Schema(examples = "eu-west-1") String region) {
    /// The order of every list: the higher score first, of equal ones the earlier.
    public static final Comparator<Score> BEST_FIRST = Comparator.comparingLong(Score::score)
            .reversed()
            .thenComparing(Score::playedAt)
            .thenComparing(Score::id);
}
