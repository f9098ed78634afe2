/// The operations of the OpenAPI document, and requests that are wrong in each way that it forbids.
package dev.meridian.testing.fuzz;
