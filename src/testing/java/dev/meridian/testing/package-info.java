/// What the tests and the lab share, each thing once: servers, processes, proxies, HTTP clients, products for a test.
///
/// Tests and lab call it. It knows no feature: of the product it uses nothing.
package dev.meridian.testing;
