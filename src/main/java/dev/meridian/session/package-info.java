/// Who calls: the signed cookie of anonymous visitors ([Sessions]), the visitor of the current page
/// ([Visitor]), the customer that an API client names ([CustomerIds]), whom an idempotency key belongs to
/// ([Callers]), and the refusal of forms from other sites. Owns no table: every Region verifies cookies by
/// their signature.
///
/// Calls `http` and `shared`. `order`, `ticket`, `leaderboard`, `mysfit` and `web` may call it.
package dev.meridian.session;
