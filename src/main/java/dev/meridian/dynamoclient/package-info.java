/// A client of DynamoDB behind the interface of the AWS SDK ([DynamoClient]), for the operations on items:
/// requests, answers and exceptions are the SDK's; marshalling, signing, connections and parsing are ours, on
/// the caller's event loop ([docs/adr/0012](../../../../../../docs/adr/0012-dynamodb-client.md)).
///
/// A library: it uses Vert.x, Netty, Jackson, OpenTelemetry and the SDK's model, and nothing of Meridian. Owns no
/// table. Only `dynamo` calls it.
package dev.meridian.dynamoclient;
