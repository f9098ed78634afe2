package dev.meridian.leaderboard;

import dev.meridian.shared.ProblemException;

/// Player, country and score of a new [Score], validated and normalized.
///
/// @param player 1 to 64 printable characters, not beginning with `#`; kept without outer spaces, in NFC
/// @param country ISO 3166-1 alpha-2 of either case; kept in upper case
/// @param score 0 to 10^12
public record ScoreEntry(String player, String country, long score) {
    /// @throws ProblemException 400 for a wrong value
    public ScoreEntry {
        player = ScoreRules.player(player);
        country = ScoreRules.country(country);
        score = ScoreRules.score(score);
    }

    /// An entry whose score is text: decimal digits only.
    ///
    /// @throws ProblemException 400 for a wrong value, the first one in the order of the parameters
    public static ScoreEntry parse(String player, String country, String score) {
        return new ScoreEntry(ScoreRules.player(player), ScoreRules.country(country), ScoreRules.score(score));
    }
}
