/// Concurrency without threads of its own: one call for many requests ([RequestCoalescer]), work that repeats
/// ([RepeatingTask]), the return to the caller's event loop ([CallerContext]), a cache of a bounded size
/// ([BoundedMap]), and failures that arrive after the answer ([LateFailures]). Owns no table; calls `shared`,
/// never a store. `dynamo` and features may call it.
package dev.meridian.async;
