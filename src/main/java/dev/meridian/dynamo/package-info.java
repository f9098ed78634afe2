/// The bridge to DynamoDB ([Dynamo]): clients, deadlines, retries, failover to another Region's replica
/// ([docs/adr/0009](../../../../../../docs/adr/0009-dynamodb-fallback.md)), and the declaration of all tables
/// ([DynamoTable]). Only repositories call it, and `startup`, which creates the tables of dev mode and tests.
///
/// Calls `dynamoclient`, `async`, `http` (one response header), `telemetry` and `shared`; never `sql`.
package dev.meridian.dynamo;
