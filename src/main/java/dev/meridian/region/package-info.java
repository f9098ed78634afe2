/// The Region of this process: deep health, drain, readiness, topology. Owns the DynamoDB table `regions`
/// with the drain states (any Region may write any), the heartbeats (`#beat/…`, each Region and each task
/// writes its own) and the writer epoch (`#writer`). Each process reads the whole table once a second. `web`
/// may call this package, and `recovery`, which divides its work among the tasks.
///
/// Health is about the whole Region and may take it out of traffic. Readiness is about this process alone and
/// does not depend on a store, so that a short failure of a store cannot take every task out of traffic.
package dev.meridian.region;
