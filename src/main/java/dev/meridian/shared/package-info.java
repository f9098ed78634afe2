/// What every feature uses: problems, money, ids, paging, the bridges to the stores, startup. Owns no table.
///
/// Nothing here knows a feature. The bridges ([Dynamo], [Sql]) put a timeout on every store call, count it, and turn
/// its failures into [ProblemException].
package dev.meridian.shared;
