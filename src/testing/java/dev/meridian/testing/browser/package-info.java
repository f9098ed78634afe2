/// A real browser, and what every page in it is checked for.
package dev.meridian.testing.browser;
