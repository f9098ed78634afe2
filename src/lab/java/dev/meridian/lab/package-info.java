/// The two-Region lab: two packaged services, their stores, what replicates between them, a router, clients, faults and
/// a
/// checker, as a command. `LabMain` runs it, `TwoRegions` puts it together, `Schedules` draws runs from seeds. It uses
/// all packages below.
///
/// Other packages see [Lab], [LabOptions], [LabState], [RegionState] and [SeededDefect] of this one, nothing else.
/// The lab calls `dev.meridian.testing`, and of the product the names of its tables and its ids; nobody calls the lab
/// but its tests.
package dev.meridian.lab;
