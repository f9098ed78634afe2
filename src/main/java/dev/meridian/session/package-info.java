/// Who calls: the signed cookie of anonymous visitors ([Sessions]), the visitor of the current page ([Visitor]), the
/// customer
/// that an API client names ([CustomerIds]), and the refusal of forms from other sites. Owns no table: a cookie proves
/// itself, so every Region can read what another one made.
///
/// Calls `http` and `shared`. `order` and `web` may call it.
package dev.meridian.session;
