package dev.meridian.region;

import java.util.List;

/// The table `regions`.
record RegionRows(List<RegionSwitch> switches, List<Beat> beats) {}
