/// Stands for DynamoDB global tables, over a local DynamoDB in each Region: reads the streams of both Regions
/// and applies each change to the other one; the last writer wins. Also creates and reads the tables of the lab.
///
/// `cluster` starts it; all other packages may read tables. It calls no other package of the lab.
package dev.meridian.lab.replication;
