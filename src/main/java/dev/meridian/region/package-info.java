/// Who this process is and how its Region fares: deep health, readiness, topology. Owns the DynamoDB table `regions`,
/// which holds the drain switches (any Region may write any) and the heartbeats (`#beat/…`, each Region its own); deep
/// health reads its own switch with each probe.
///
/// Health is about this Region as a whole and may take it out of traffic. Readiness is about this process alone and
/// never asks a store, so that a store that blinks cannot take every task out at once.
package dev.meridian.region;
