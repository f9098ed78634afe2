/// What happens once when a process starts: required settings, the DNS cache, tables and sample data where they are
/// asked
/// for, the banner of dev mode. Owns no table. Features implement [SampleLoader]; the entry point calls
/// [RequiredSettings] and [DnsCacheTtl].
///
/// Calls `dynamo` and `shared`.
package dev.meridian.startup;
