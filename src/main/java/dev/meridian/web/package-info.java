/// The pages of the store. Owns no table: pages show what the services of the features return.
///
/// Where a page and an API share a path, `Accept` decides: browsers, which ask for `text/html`, get the page, anything
/// else JSON.
package dev.meridian.web;
