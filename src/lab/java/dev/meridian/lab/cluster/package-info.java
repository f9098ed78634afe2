/// The processes of both Regions and the ways between them: services, DynamoDB, PostgreSQL with its standby, proxies
/// that can be cut,
/// the router in front. [LabProcesses] starts and ends all of it.
///
/// `client`, `fault`, `check` and `drill` call it. It calls `replication`.
package dev.meridian.lab.cluster;
