/// Who calls: the signed cookie of anonymous visitors ([Sessions]), the visitor of the current page ([Visitor]), the
/// customer that an API client names ([CustomerIds]), and the refusal of forms from other sites. Owns no table: every
/// Region verifies cookies by their signature.
///
/// Calls `http` and `shared`. `order` and `web` may call it.
package dev.meridian.session;
