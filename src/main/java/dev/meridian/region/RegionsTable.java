package dev.meridian.region;

import java.util.List;

/// The table `regions`.
record RegionsTable(List<DrainState> switches, List<Heartbeat> beats) {}
