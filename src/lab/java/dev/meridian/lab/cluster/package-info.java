/// The processes of both Regions and their connections: services, DynamoDB, PostgreSQL with its standby,
/// proxies that can be cut, and the router. [LabProcesses] starts and ends all of it.
///
/// `client`, `fault`, `check` and `drill` call this package. It calls `replication`.
package dev.meridian.lab.cluster;
