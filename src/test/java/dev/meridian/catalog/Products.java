package dev.meridian.catalog;

import static io.restassured.RestAssured.given;

import dev.meridian.testing.Http;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Creates products for a single test, through the API.
final class Products {
    private Products() {}

    static String json(String name, String description, String price, String stock, String... tags) {
        var list = Arrays.stream(tags)
                .map(tag -> "{\"name\":\"" + tag + "\",\"displayName\":\"The " + tag + "\"}")
                .collect(Collectors.joining(","));
        return """
                {"name":"%s","description":"%s","price":%s,"stock":%s,"tags":[%s]}""".formatted(name, description, price, stock, list);
    }

    static ValidatableResponse put(String id, String json) {
        return given().contentType(ContentType.JSON)
                .body(json)
                .put("/catalog/products/" + id)
                .then();
    }

    static ValidatableResponse add(String id, String json) {
        return given().contentType(ContentType.JSON)
                .body(json)
                .patch("/catalog/products/" + id + "/stock")
                .then();
    }

    /// A product with a unique name.
    static String created(String name, String price, String stock, String... tags) {
        var id = Http.anId("p");
        put(id, json(name, "", price, stock, tags)).statusCode(201);
        return id;
    }
}
