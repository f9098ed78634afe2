/// The AWS credentials of this process: where they come from ([CredentialSource]), and the present ones, which are
/// renewed in the background ([HeldCredentials]). No call waits for them. Owns no table.
///
/// Calls `async` and `shared`. `dynamo` signs its calls with them, `sql` its tokens; `reconcile` asks the source.
package dev.meridian.aws;
