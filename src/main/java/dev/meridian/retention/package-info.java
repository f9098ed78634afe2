/// How long things live: what has grown old is deleted, by the command `prune` and on a schedule, and what the store
/// knows of a customer is exported and erased. The features that own the data do the work, as [Prunable] and
/// [PersonalData]; they may call this package, which calls none of them. Owns the items `#prune/<region>` of `regions`.
package dev.meridian.retention;
