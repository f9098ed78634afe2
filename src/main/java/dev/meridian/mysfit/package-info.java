/// The creatures of the storefront. Owns the DynamoDB table `mysfits` and the SQL table `adoptions`. Only `web`
/// may call this package.
///
/// **mysfits**: key `MysfitId`; indexes `GoodEvilIndex` and `LawChaosIndex`, eventually consistent, for the filters;
/// all other reads are strongly consistent. The table is small, so the full list is a scan, bounded by
/// `meridian.mysfit.list-max`. The service writes one attribute, `Adopted`, and only from false to true, so Regions
/// agree after the replication lag. The table of the older shop can be used as it is: the attribute `Likes` is the
/// count of that shop, and is added to what `like` counts.
///
/// **adoptions**: a mysfit is adopted once, so one row on the SQL writer decides, for all Regions; without a writer an
/// adoption is a 503. The row has the id of its claim, so a statement that runs twice recognizes its own row. `Adopted`
/// is a copy of that decision: if a process dies between the two writes, the next attempt to adopt finds the row,
/// answers 409 and sets the flag. A flag that is set refuses an adoption without SQL.
package dev.meridian.mysfit;
