/// Compares what clients were told with what the stores of both Regions hold, one class for each promise. [Checker]
/// runs them all and gives
/// a [Verdict].
///
/// `page` shows the verdict. It calls `client`, `cluster` and `replication`.
package dev.meridian.lab.check;
