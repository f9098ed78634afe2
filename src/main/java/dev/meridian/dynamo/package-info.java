/// The bridge to DynamoDB ([Dynamo]): clients, deadlines, retries, failover to another Region's replica
/// ([docs/adr/0009](../../../../../../docs/adr/0009-dynamodb-fallback.md)), and the declaration of all tables
/// ([DynamoTable]). Repositories call it; `startup`, which creates the tables of dev mode and tests; and
/// `region`, which shows the configuration.
///
/// Calls `dynamoclient`, `aws`, `async`, `http` (one response header), `telemetry` and `shared`; never `sql`.
package dev.meridian.dynamo;
