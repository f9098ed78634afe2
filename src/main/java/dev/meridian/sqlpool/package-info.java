/// Connection pools for the reactive PostgreSQL client that find the writer themselves.
///
/// A library: it uses Vert.x, Mutiny and Micrometer, and nothing of Meridian. Owns no table. `sql` calls it;
/// `recovery` and `region` use its records. Why it exists, what it promises and what it cannot know:
/// `docs/adr/0005-writer-pool.md`.
///
/// [PoolState] decides, [StatementPool] acts, [ServerDiscovery] finds servers, [EventLoop] holds all use of Vert.x
/// internals.
package dev.meridian.sqlpool;
