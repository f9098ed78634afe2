/// The pages of the store. Owns no table: every page is made of what the features' faces give.
///
/// Paths of pages and APIs are told apart by `Accept` where they meet: browsers, which ask for `text/html`, get pages;
/// anything else gets JSON.
package dev.meridian.web;
