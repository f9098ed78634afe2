/// Recovery of orders. Owns no table: it reads the journal through its face, and calls `order` to settle an
/// open entry and to compare closed entries with SQL. `web` and the commands may call it.
///
/// | Class | Job |
/// |---|---|
/// | [Settler] | settles open journal entries |
/// | [WriterCheck], [WriterComparison] | compares entries closed lately with a new SQL writer |
/// | [LostChanges] | lets the catalog and mysfits apply again what a new SQL writer lacks |
/// | [RecoveryResource] | reports the orders that a failover lost |
///
/// All tasks of all Regions run it at once, without a lock or a leader. Any of them may be killed at any point:
///
/// - **An entry is open until the journal says otherwise.** The journal is updated after SQL has decided. A
///   task that is killed before either step leaves an open entry, which the next task finds.
/// - **SQL decides once.** The first row under the order's id decides. A task that settles the entry again reads
///   that row and writes the same end.
/// - **A late task changes nothing.** The journal closes an entry only while it is open and of the same request.
/// - **A lost order becomes an open entry.** The same write puts it into the report. From then on it is like
///   any other open entry. The report is read from the entries, so there is nothing to keep in sync.
///
/// Work that two tasks do twice costs one statement that finds its row. See docs/adr/0007-recovery.md.
package dev.meridian.recovery;
