/// Scores and top lists. Owns the DynamoDB table `scores`; any Region may write. `scoreimport` and `web` may
/// call this package.
///
/// A score is one immutable item, so Regions never write the same item with different contents. Top lists are
/// read from the index `Country-Score-Index` (eventually consistent, milliseconds behind the table); a
/// player's best score is read from the table itself and never stored. Two partitions of the table are not
/// players: `#countries` lists the countries that have scores, `#imports` belongs to `scoreimport`.
package dev.meridian.leaderboard;
