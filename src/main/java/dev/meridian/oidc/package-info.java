/// The settings of the OpenID provider (`meridian.identity=oidc`). Owns no table.
///
/// Calls nobody. `startup` may call it.
package dev.meridian.oidc;
