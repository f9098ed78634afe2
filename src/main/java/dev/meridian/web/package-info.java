/// The pages of the store. Owns no table: pages show what the services of the features return. No other package
/// may call it.
///
/// Where a page and an API share a path, `Accept` decides: browsers ask for `text/html` and get the page; other
/// clients get JSON.
package dev.meridian.web;
