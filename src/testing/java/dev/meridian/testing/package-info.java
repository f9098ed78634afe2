/// The classes that the tests and the lab share: servers, processes, proxies, HTTP clients, products.
///
/// Tests and the lab call this package. It uses nothing of the product.
package dev.meridian.testing;
