/// Traces and timers: X-Ray trace ids, resource attributes, the redaction of spans, and the timers of store calls
/// ([StoreTimers]). Owns no table, calls only `shared`; `dynamo` and `sql` may call it.
package dev.meridian.telemetry;
