/// Who calls: the sessions of visitors, in a cookie or as a bearer ([Sessions]), the [Caller] of each request
/// ([Callers]) with the customers it may act for, the visitor of the current page ([Visitor]), guests without a
/// session ([Guests]), and the refusal of forms from other sites. Owns no table: every Region verifies sessions by
/// their signature.
///
/// Calls `http` and `shared`. Features with something that belongs to somebody, `limits` and `web` may call it.
package dev.meridian.session;
