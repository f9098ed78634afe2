/// What a DynamoDB global table does, over two DynamoDB Locals: it reads the streams of both Regions and applies each
/// change to the other
/// one, last writer wins. Besides, the tables of the lab: their names, creation and reading.
///
/// `cluster` starts it; all others may read tables. It calls no other package of the lab.
package dev.meridian.lab.replication;
