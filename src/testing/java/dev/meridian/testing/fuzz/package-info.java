/// The operations of the OpenAPI document, and malformed requests for them.
package dev.meridian.testing.fuzz;
