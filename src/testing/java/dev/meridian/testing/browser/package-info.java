/// A real browser, and the checks on every page.
package dev.meridian.testing.browser;
