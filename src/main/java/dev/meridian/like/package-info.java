/// Likes of anything with an id. Owns the DynamoDB table `likes`; any Region may write, each only its own
/// items. Only `mysfit` may call this package.
///
/// **Counters.** A count is split over items `subjectId` + `regionShard` (`eu-west-1#3`), attribute `n`. A
/// Region adds (`ADD n :1`) only to shards that carry its own name, so no item has writers in two Regions,
/// and the last-writer-wins rule of a global table has nothing to decide. A subject's count is the sum of
/// its items: a strongly consistent query for one subject, batches of keys for a list. The writes of other
/// Regions are seen once they have replicated.
///
/// **Fallback.** While its own replica does not answer, a Region may write to another Region's replica. Those
/// likes go to separate items, `eu-west-1~us-east-1#3`, so each item is written in one replica only
/// (docs/adr/0009).
///
/// **Group commit.** Likes of one subject that arrive during a write of this process wait, and share the next
/// `ADD n :k` and its count: the value that the `ADD` returns plus the sum of the other counters, read at the
/// same time. A failed write fails exactly the likes in it.
///
/// **Registry.** A list must know the keys beforehand, so the table also says which Regions there are and how
/// many shards each ever used: partition `#regions` (no id of a subject can begin with `#`), sort key the
/// Region's name, attribute `shards`. A Region writes only its own entry, before its first like, and never
/// lowers it. A process reads the registry with its first list and again, in the background of later lists, at
/// most once in `meridian.like.registry-refresh`. Until then a list may lack the likes of a Region that has
/// just joined; the count of a single subject never does, as a query needs no registry.
///
/// **Keys.** A like with an idempotency key goes to the shard that follows from the key, together with the
/// key (`recentKeys`); a counter that has the key adds nothing. When `recentKeys` is full it becomes
/// `formerKeys`, and the older `formerKeys` are dropped. A key that was sent to several Regions is in
/// several counters: the sum takes the likes back that are too many, and [LikeCounter#rotate] decides who
/// forgets such a key, so that the sum stays right without it.
///
/// **Never twice.** An `ADD` is not idempotent, so nothing repeats it, unless it has a key. When its answer
/// is lost the client gets a 503 and the outcome is unknown. Once the `ADD` is acknowledged the like is a
/// success, even when the count cannot be read.
package dev.meridian.like;
