/// How much one caller may ask for: token buckets ([TokenBuckets]) for each caller and kind of operation, and the
/// answer 429. Owns no table: each process counts for itself, in bounded memory (docs/adr/0014-rate-limits.md).
///
/// How much the process takes on at once, whoever asks ([LoadShedding]), and the answer 503
/// (docs/adr/0016-load-shedding.md). [RequestUnderWay] is its face.
///
/// Calls `http`, `session` and `shared`. `order` may call it.
package dev.meridian.limits;
