/// The import of scores from CSV, and the sample scores. Owns the partition `#imports` of the DynamoDB table
/// `scores`, one item for each import with a key; any Region may write. No other package may call this one.
///
/// An import with an `Idempotency-Key` gives each row an id that is derived from the key, the line and its
/// values. So a repetition writes the same items, in any Region. The scores themselves are stored by
/// `leaderboard`.
package dev.meridian.scoreimport;
