/// The creatures of the storefront. Owns the DynamoDB table `mysfits` and the SQL table `adoptions`. Only `web`
/// may call this package.
///
/// **mysfits**: key `MysfitId`; indexes `GoodEvilIndex` and `LawChaosIndex`, eventually consistent, for the filters;
/// all other reads are strongly consistent. The table is small, so the full list is a scan, bounded by
/// `meridian.mysfit.list-max`. The service writes `Adopted`, only from false to true, and whose it is, so Regions
/// agree after the replication lag. The table of the older shop can be used as it is: the attribute `Likes` is the
/// count of that shop, and is added to what `like` counts.
///
/// **adoptions**: a mysfit is adopted once, so one row on the SQL writer decides, for all Regions; without a
/// writer an adoption is a 503. The row has a claim, which is derived from the caller, else from the key of the
/// request: a statement that runs twice recognizes its own row, and who has adopted a mysfit is told so again.
/// `Adopted` and `AdoptedBy` in the item are a copy of that decision: if a process dies between the two writes,
/// the next attempt to adopt finds the row and sets them. A flag that is set answers without SQL.
package dev.meridian.mysfit;
