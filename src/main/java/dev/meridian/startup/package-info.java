/// What happens once when a process starts: required settings, who may call, the DNS cache, tables and sample data
/// where they are
/// configured, the banner of dev mode. Owns no table. Features implement [SampleLoader]; the entry point calls
/// [RequiredSettings] and [DnsCacheTtl].
///
/// Calls `dynamo`, `oidc`, `session` and `shared`. `mysfit`, `catalog`, `order` and `scoreimport` may call it.
package dev.meridian.startup;
