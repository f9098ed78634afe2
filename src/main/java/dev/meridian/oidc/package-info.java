/// An OpenID provider (`meridian.identity=oidc`): its keys and endpoints ([Provider]), the tokens that it gives
/// ([ProviderTokens]), and how somebody signs in ([SignInFlow]). Owns no table. The provider lives in one place and
/// may be away: keys stay in memory, and only a sign-in waits for it.
///
/// Calls `async` and `shared`. `session` may call it, and `startup` its settings.
package dev.meridian.oidc;
