package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
class CatalogSearchTest {
    @Test
    void aHitInTheNameComesBeforeOneInTheDescription() {
        var word = word();
        var described = Http.anId("p");
        var named = Http.anId("p");
        Products.put(described, Products.json("Aaa plain", "With " + word + " inside.", "3", "null"))
                .statusCode(201);
        Products.put(named, Products.json("Zzz " + word, "Nothing else.", "3", "null"))
                .statusCode(201);
        search(word).body("id", contains(named, described));
    }

    @Test
    void aTagIsFoundByItsNameAndByItsDisplayName() {
        var word = word();
        var id = Http.anId("p");
        Products.put(id, """
                {"name":"Plain thing","description":"","price":3,"tags":[{"name":"%s","displayName":"Worn by %s"}]}""".formatted("t-" + word, word + "x")).statusCode(201);
        search(word + "x").body("id", contains(id));
        search("t-" + word).body("id", hasItem(id));
    }

    @Test
    void aMistypedWordStillFindsTheProduct() {
        for (var typo : List.of("Wyvren", "wyern", "wyyvern", "wivern", "WYVERN", "wyver")) {
            search(typo).body("id[0]", equalTo("nap-hammock"));
        }
        for (var typo : List.of("phoenx", "pheonix", "phoenixx")) {
            search(typo).body("id[0]", equalTo("phoenix-nest"));
        }
        search("sphinks ridle cards").body("id[0]", equalTo("riddle-cards"));
        search("fireprof").body("id", hasItem("phoenix-nest"));
    }

    @Test
    void formsOfAWordAreOneAndAllWordsCount() {
        search("hammocks").body("id[0]", equalTo("nap-hammock"));
        search("polish unicorn").body("id[0]", equalTo("horn-polish"));
    }

    @Test
    void aWordThatIsThereBringsNoNoise() {
        var word = word();
        var id = Products.created("Fine " + word, "3", "null");
        search(word).body("id", contains(id));
    }

    @Test
    void peopleTypeWithoutAccents() {
        var word = word();
        var torch = Products.created("Crème Brûlée Torch " + word, "3", "null");
        var light = Products.created("Işık der Straße, smørbrød " + word, "3", "null");
        for (var typed : List.of("creme brulee ", "CRÈME BRÛLÉE ", "Cre\u0300me ", "Ｃreme "))
            search(typed + word).body("id[0]", equalTo(torch));
        for (var typed : List.of("isik ", "strasse ", "smorbrod "))
            search(typed + word).body("id[0]", equalTo(light));
        search("brulee").body("id", hasItem(torch));
    }

    @Test
    void emojiAreFound() {
        var word = word();
        var mug = Products.created("Mug 🦄 " + word, "3", "null");
        Products.created("Mug " + word, "3", "null");
        search("🦄 " + word).body("id[0]", equalTo(mug));
        search("🦄").body("id", hasItem(mug));
    }

    @Test
    void pagesFollowEachOther() {
        var word = word();
        for (int i = 0; i < 5; i++) {
            Products.created("Lamp " + word, "3", "null");
        }
        var first =
                search(word + "&page=1&size=3").body("", hasSize(3)).extract().<List<String>>path("id");
        var second =
                search(word + "&page=2&size=3").body("", hasSize(2)).extract().<List<String>>path("id");
        assertTrue(first.stream().noneMatch(second::contains));
        search(word + "&page=3&size=3").body("", empty());
        search(word + "&page=2147483647&size=100").body("", empty());
    }

    @Test
    void noKeywordIsAnError() throws Exception {
        for (var query : List.of("", "?keyword=", "?keyword=%20%20", "?keyword=%00", "?keyword=a%07b")) {
            var answer = Http.send("GET", "/catalog/search" + query, null);
            assertEquals(400, answer.statusCode(), query);
            assertTrue(answer.body().contains("urn:meridian:problem:invalid-request"), answer.body());
        }
    }

    @Test
    void theKeywordAndThePageHaveBounds() {
        search("x".repeat(100));
        for (var query :
                List.of("x".repeat(101), "x&page=0", "x&page=-1", "x&page=z", "x&size=0", "x&size=101", "x&size=1.5")) {
            given().urlEncodingEnabled(false)
                    .get("/catalog/search?keyword=" + query)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
    }

    @Test
    void oddKeywordsAreNeverAFault() {
        for (var keyword : List.of(
                "'",
                "''; DROP TABLE products; --",
                "\"",
                "%",
                "%%",
                "_",
                "\\",
                "a & b | !c",
                "<->",
                "(((",
                ")",
                ":*",
                "*",
                "a:*b",
                "!",
                "the",
                "-",
                "-dragon",
                "$1",
                "${x}",
                "{}",
                "[",
                "é",
                "ドラゴン",
                "🐉",
                "a\tb".strip(),
                "' OR 1=1",
                "dragon%",
                "\u202E",
                "\uFFFD",
                "or",
                "and not")) {
            int status = given().queryParam("keyword", keyword)
                    .get("/catalog/search")
                    .statusCode();
            assertEquals(keyword.contains("\t") ? 400 : 200, status, keyword);
        }
        given().queryParam("keyword", "%").get("/catalog/search").then().body("", not(hasSize(10)));
    }

    private static ValidatableResponse search(String keyword) {
        return given().urlEncodingEnabled(false)
                .get("/catalog/search?keyword=" + keyword.replace(" ", "%20"))
                .then()
                .statusCode(200);
    }

    /// A unique word that resembles no other.
    private static String word() {
        return UUID.randomUUID().toString().replaceAll("[^a-f]", "")
                + UUID.randomUUID().toString().substring(0, 8);
    }
}
