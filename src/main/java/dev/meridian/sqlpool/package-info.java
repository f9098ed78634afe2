/// Pools for the reactive PostgreSQL client that find the writer by themselves.
///
/// Stands alone: Vert.x, Mutiny and Micrometer, nothing of Meridian. Owns no table. Why it exists, what it
/// promises and what it cannot know: `docs/adr/0005-writer-pool.md`.
package dev.meridian.sqlpool;
