package dev.meridian.leaderboard;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A player's best score, and its rank in the country of that score.
///
/// @param player the player's name
/// @param country the country of the best score
/// @param best the best score: the highest, of equal ones the earliest
/// @param rank 1 + the number of other players with a better score in that country; null when there are more
///     scores to read than `meridian.leaderboard.rank-reads-max`
@Schema(name = "PlayerStanding")
public record PlayerStanding(
        @Schema(examples = "quiet-falcon") String player,
        @Schema(examples = "NL") String country,
        Score best,

        @Schema(
                examples = "3",
                nullable = true,
                description = "1 is the best of the country. Null when it is too far down to be counted.")
        Integer rank) {}
