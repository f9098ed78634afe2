/// Concurrency without threads of its own: one call for many requests ([RequestCoalescer]), work that repeats
/// ([RepeatingTask]), and the way back to the caller's event loop ([CallerContext]). Owns no table, calls only
/// `shared`,
/// never a store; features and `dynamo` may call it.
package dev.meridian.async;
