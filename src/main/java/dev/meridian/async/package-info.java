/// Concurrency without threads of its own: one call for many requests ([RequestCoalescer]), work that repeats
/// ([RepeatingTask]), the way back to the caller's event loop ([CallerContext]), a cache of a bounded size
/// ([BoundedMap]), and failures that arrive after their caller has gone ([LateFailures]). Owns no table; calls `shared`
/// and
/// never a store. Features and `dynamo` may call it.
package dev.meridian.async;
