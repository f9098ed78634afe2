package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The reads of the catalog: lists, one product, size, tags, and the legacy paths.
@QuarkusTest
@ComponentTest
class CatalogResourceTest {
    private static final Set<String> SAMPLE_TAGS = Set.of("feed", "comfort", "care", "play", "travel");

    @Test
    void aProductIsComplete() {
        var tag = Http.anId("tag");
        var id = Http.anId("p");
        Products.put(id, Products.json("Whole", "All of it.", "225.00", "null", tag));
        given().get("/catalog/products/" + id)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("X-Region", "eu-west-1")
                .body("id", equalTo(id))
                .body("name", equalTo("Whole"))
                .body("description", equalTo("All of it."))
                .body("price", equalTo(225))
                .body("$", hasKey("stock"))
                .body("stock", nullValue())
                .body("imageUrl", startsWith("/assets/products/"))
                .body("tags", hasSize(1))
                .body("tags[0]", equalTo(java.util.Map.of("name", tag, "displayName", "The " + tag)))
                .body(containsString("\"price\":225,"));
        var cents = Products.created("Cents", "19.50", "12");
        given().contentType(ContentType.JSON)
                .get("/catalog/products/" + cents)
                .then()
                .statusCode(200)
                .body(containsString("\"price\":19.5,"))
                .body("stock", equalTo(12))
                .body("tags", empty());
    }

    @Test
    void anUnknownProductIsAProblem() {
        given().get("/catalog/products/" + Http.anId("no"))
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:unknown-product"))
                .body("code", equalTo(404))
                .body("message", startsWith("No product no-"));
        given().get("/catalog/products/" + "x".repeat(129)).then().statusCode(400);
        given().get("/catalog/products/" + "x".repeat(128)).then().statusCode(404);
        given().get("/catalog/products/a b").then().statusCode(400).contentType("application/problem+json");
    }

    @Test
    void tagsAreOneOrTheOther() {
        var red = Http.anId("red");
        var blue = Http.anId("blue");
        var both = Products.created("B both", "3", "null", red, blue);
        var onlyRed = Products.created("A red", "4", "null", red);
        var onlyBlue = Products.created("C blue", "5", "null", blue);
        list("tags=" + red + "," + blue).body("id", contains(onlyRed, both, onlyBlue));
        list("tags=" + red + "&tags=" + blue).body("id", contains(onlyRed, both, onlyBlue));
        list("tags=" + red).body("id", contains(onlyRed, both));
        list("tags=" + red + ",,").body("id", contains(onlyRed, both));
        list("tags=" + Http.anId("none")).body("", empty());
        list("tags=%00").body("", empty());
        list("tags=caf%C3%A9").body("", empty());
        list("tags=").body("", hasSize(10));
        for (var path : List.of("/catalog/size", "/catalogue/size")) {
            given().get(path + "?tags=" + red + "," + blue)
                    .then()
                    .statusCode(200)
                    .body("size", equalTo(3));
            given().get(path + "?tags=" + Http.anId("none"))
                    .then()
                    .statusCode(200)
                    .body("size", equalTo(0));
            given().get(path).then().statusCode(200).body("size", greaterThanOrEqualTo(27));
            given().get(path + "?tags=").then().statusCode(200).body("size", greaterThanOrEqualTo(27));
        }
    }

    @Test
    void anOrderIsByPriceOrElseByName() {
        var tag = Http.anId("order");
        var b = Products.created("b middle", "20.25", "null", tag);
        var c = Products.created("C dear", "100", "null", tag);
        var a = Products.created("a cheap", "9.99", "null", tag);
        var only = "tags=" + tag;
        list(only).body("id", contains(a, b, c));
        list(only + "&order=").body("id", contains(a, b, c));
        list(only + "&order=name").body("id", contains(a, b, c));
        list(only + "&order=price_asc;--").body("id", contains(a, b, c));
        Products.put(a, Products.json("a cheap", "", "50", "null", tag)).statusCode(200);
        list(only + "&order=price_asc").body("id", contains(b, a, c));
        list(only + "&order=price_desc").body("id", contains(c, a, b));
    }

    @Test
    void pagesFollowEachOtherAndEndEmpty() {
        var tag = Http.anId("paged");
        var ids = new HashSet<String>();
        for (int i = 0; i < 7; i++) {
            // The same name and price: the id must keep them apart from page to page.
            ids.add(Products.created("Same", "3", "null", tag));
        }
        for (var order : List.of("", "price_asc", "price_desc")) {
            var seen = new HashSet<String>();
            for (var page = 1; page <= 3; page++) {
                seen.addAll(list("tags=" + tag + "&size=3&page=" + page + "&order=" + order)
                        .body("", hasSize(page < 3 ? 3 : 1))
                        .extract()
                        .<List<String>>path("id"));
            }
            assertEquals(ids, seen);
        }
        list("tags=" + tag + "&size=3&page=4").body("", empty());
        list("tags=" + tag + "&size=100&page=2147483647").body("", empty());
        list("size=1").body("", hasSize(1));
        list("size=100").body("size()", is(greaterThanOrEqualTo(26)));
        list("page=").body("", hasSize(10));
    }

    @Test
    void pageAndSizeHaveBounds() {
        for (var path : List.of("/catalog/products", "/catalogue")) {
            for (var query : List.of(
                    "page=0",
                    "page=-1",
                    "page=x",
                    "page=1.5",
                    "page=2147483648",
                    "size=0",
                    "size=-1",
                    "size=101",
                    "size=x",
                    "size=1e1",
                    "size=99999999999999999999")) {
                given().urlEncodingEnabled(false)
                        .get(path + "?" + query)
                        .then()
                        .statusCode(400)
                        .contentType("application/problem+json")
                        .body("type", equalTo("urn:meridian:problem:invalid-request"));
            }
        }
        list("tags=" + "t,".repeat(50)).statusCode(200);
        given().urlEncodingEnabled(false)
                .get("/catalog/products?tags=" + "t,".repeat(51))
                .then()
                .statusCode(400);
    }

    @Test
    void tagsComeByDisplayName() {
        var last = Http.anId("aaa");
        var first = Http.anId("zzz");
        Products.put(Http.anId("p"), """
                {"name":"Tagged","description":"","price":3,"tags":[
                 {"name":"%s","displayName":"~ Last"},{"name":"%s","displayName":"!! First"}]}""".formatted(last, first)).statusCode(201);
        for (var path : List.of("/catalog/tags", "/catalogue/tags")) {
            var names = given().contentType(ContentType.JSON)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .body("name", hasItems(last, first, "feed", "comfort", "care", "play", "travel"))
                    .body("displayName", hasItem("Feed & Treats"))
                    .extract()
                    .<List<String>>path("name");
            assertTrue(names.indexOf("comfort") < names.indexOf("feed"), "Beds & Comfort before Feed & Treats");
            assertTrue(names.indexOf("feed") < names.indexOf("care"), "Feed & Treats before Grooming & Care");
        }
    }

    @Test
    void theSampleShopHasProductsWithDrawingsInFiveTags() {
        var samples = list("size=100&tags=" + String.join(",", SAMPLE_TAGS))
                .body("size()", is(greaterThanOrEqualTo(24)))
                .extract()
                .jsonPath();
        assertEquals(SAMPLE_TAGS, new HashSet<>(samples.<String>getList("tags.name.flatten()")));
        assertTrue(samples.getList("stock").contains(null), "some are without a limit");
        for (var picture : samples.<String>getList("imageUrl")) {
            given().get(picture)
                    .then()
                    .statusCode(200)
                    .contentType("image/svg+xml")
                    .body("svg.title.text().length()", is(greaterThanOrEqualTo(3)))
                    .header("Content-Length", Integer::parseInt, lessThan(4096));
        }
        given().get("/assets/products/_parcel.svg").then().statusCode(200).contentType("image/svg+xml");
    }

    @Test
    void olderClientsReadTheirOwnForm() {
        var tag = Http.anId("old");
        var other = Http.anId("old");
        var limited = Products.created("A limited", "225", "14", tag, other);
        var unlimited = Products.created("B unlimited", "7.25", "null", tag);
        given().get("/catalogue/product/" + limited)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("id", equalTo(limited))
                .body("name", equalTo("A limited"))
                .body("description", equalTo(""))
                .body("imageUrl", startsWith("/assets/products/"))
                .body("price", equalTo(225))
                .body("count", equalTo(14))
                .body("tag", containsInAnyOrder(tag, other))
                .body("keySet()", containsInAnyOrder("id", "name", "description", "imageUrl", "price", "count", "tag"));
        given().contentType(ContentType.JSON)
                .get("/catalogue?order=price_asc&page=1&size=10&tags=" + tag)
                .then()
                .statusCode(200)
                .body("id", contains(unlimited, limited))
                .body("[0].count", equalTo(Integer.MAX_VALUE))
                .body("[0].tag", contains(tag));
        given().get("/catalogue").then().statusCode(200).body("", hasSize(10));
        given().get("/catalogue?page=100000").then().statusCode(200).body("", empty());
        given().get("/catalogue/product/" + Http.anId("no"))
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:meridian:problem:unknown-product"))
                .body("code", equalTo(404));
        given().get("/catalogue/product/a b").then().statusCode(400);
    }

    @Test
    void otherMethodsPathsAndFormsAreProblems() {
        for (var path : List.of(
                "/catalog/products",
                "/catalog/size",
                "/catalog/tags",
                "/catalog/search",
                "/catalogue",
                "/catalogue/size",
                "/catalogue/tags",
                "/catalogue/product/x")) {
            given().post(path).then().statusCode(405).contentType("application/problem+json");
            given().delete(path).then().statusCode(405).contentType("application/problem+json");
        }
        given().delete("/catalog/products/x").then().statusCode(405);
        given().get("/catalog/products/x/stock").then().statusCode(405);
        given().accept("application/json")
                .get("/catalog")
                .then()
                .statusCode(406)
                .contentType("application/problem+json");
        given().get("/catalog/products/x/y").then().statusCode(404).contentType("application/problem+json");
        given().get("/catalogue/product").then().statusCode(404).contentType("application/problem+json");
        given().accept("text/csv").get("/catalog/products").then().statusCode(406);
        given().accept("text/html").get("/catalogue/tags").then().statusCode(406);
        given().head("/catalog/products").then().statusCode(200);
    }

    private static io.restassured.response.ValidatableResponse list(String query) {
        return given().urlEncodingEnabled(false)
                .get("/catalog/products?" + query)
                .then()
                .statusCode(200);
    }
}
