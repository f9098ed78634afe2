/// The creatures of the storefront. Owns the DynamoDB table `mysfits` and the SQL table `adoptions`.
///
/// **mysfits**: key `MysfitId`; indexes `GoodEvilIndex` and `LawChaosIndex`, eventually consistent, for the
/// filters; all other reads are strongly consistent. The table is small by nature (a shop window), so the
/// full list is a scan, bounded by `meridian.mysfit.list-max`. The service writes one attribute, `Adopted`,
/// and only from false to true, so Regions cannot disagree for longer than the replication lag. A table of
/// the older shop can be read as it is: `Likes` there is the count before migration and is added to what
/// the `like` feature counts.
///
/// **adoptions**: an adoption is a unique claim, so one row on the SQL writer decides it, whichever Region
/// it is made in; without a writer it is a 503. The row carries the claim that made it, so that a statement which
/// had to run twice knows its own. `Adopted` is a projection of that row: should a process die
/// between the two writes, the next attempt to adopt finds the row, answers 409 and brings the flag up to
/// date. A flag that is set is enough to refuse, without asking SQL.
package dev.meridian.mysfit;
