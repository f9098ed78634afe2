/// The recovery side of orders: carries open journal entries out (`Settler`), compares what was closed lately with
/// a new SQL writer (`WriterCheck`), and reports what was lost (`RecoveryResource`). Owns no table; reads and changes
/// the journal through `order`.
///
/// All tasks of all Regions run it at once, without a lock or a leader, and may be killed at any point:
///
/// - An entry is open until the journal says otherwise, and the journal is told after SQL has decided. Killed before
/// SQL
///   or before the journal, the entry is still open and the next one finds it.
/// - SQL decides once: the first row under the order's id. Whoever carries the entry out again gets that row's verdict
///   and writes the same end.
/// - The journal closes an entry only while it is open and of the same request, so a late writer changes nothing.
/// - An order that a new writer lacks becomes an open entry, in the same write that puts it into the report. From then
/// on
///   it is like any other, and the report is derived from the entry: nothing has to be kept in step.
///
/// What two processes do twice costs a statement that finds its row, nothing else. See docs/adr/0007-recovery.md.
package dev.meridian.recovery;
