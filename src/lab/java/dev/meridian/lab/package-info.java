/// The two-Region lab as a command: two packaged services, their stores, replication, a router, clients, faults
/// and a checker. `LabMain` is the entry point, `TwoRegions` assembles the lab, `Schedules` makes runs from
/// seeds. This package uses all packages below.
///
/// Other packages may use only [Lab], [LabOptions], [LabState], [RegionState] and [SeededDefect] of this
/// package. The lab calls `dev.meridian.testing`, and the table names and ids of the product. Only its tests
/// call the lab.
package dev.meridian.lab;
