/// Compares the acknowledged writes with the stores of both Regions, one class for each promise. [Checker] runs
/// them all and returns a [Verdict].
///
/// `page` shows the verdict. This package calls `client`, `cluster` and `replication`.
package dev.meridian.lab.check;
