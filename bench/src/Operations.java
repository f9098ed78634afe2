import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The requests to the service and to DynamoDB itself. Every turn has its own number, from which its customer follows. */
final class Operations {
    /** The mysfits of the sample data. */
    static final List<String> MYSFITS = List.of(
            "2b473002-36f8-4b87-954e-9a377e0ccbec",
            "35d26de2-12f6-4606-912e-9aee87208f32",
            "4e53920c-505a-4a90-a694-b9300791f0ae",
            "546e0f3f-1c0b-4a66-bfb3-adb06f42c063",
            "561987fe-4f26-4087-9b7b-d1784a7f3900",
            "5ea07f12-1907-4aa3-93f3-1dc8208fb0f1",
            "5f09875f-d2cc-497e-8d30-7942bca84ae5",
            "752d1b63-6113-4e21-8764-b107a1ecaffe",
            "805d4fd6-22b2-42c6-82d9-e538cd735b52",
            "8348cc22-727b-48a6-89f2-fa6c51862a55",
            "da5303ae-5aba-495c-b5d6-eb5c4a66b941",
            "f4b995d2-6a11-4a2b-a8d7-0741bfed511a");

    static final int PRODUCTS = 100;
    static final int HOT_CLIENTS = 64;

    /** Customers whose carts have three lines, for `cart`. */
    static final int CARTS = 100;

    static final int LINES = 3;

    /** By name, in the order of measurement. */
    static final Map<String, Load.Operation> ALL = new LinkedHashMap<>();

    /** The bare store write for each operation: its only write, or the one that makes it durable. */
    static final Map<String, Load.Operation> STORE = Map.of(
            "cart-add",
            n -> one(dynamo("UpdateItem", """
                    {"TableName":"meridian-carts","Key":{"customerId":{"S":"direct-%d"},"productRegion":{"S":"bench-%d#eu-west-1"}},\
                    "UpdateExpression":"SET unitPrice = :p ADD quantity :q","ReturnValues":"ALL_NEW",\
                    "ExpressionAttributeValues":{":p":{"N":"1950"},":q":{"N":"1"}}}""".formatted(n, n % PRODUCTS))),
            "like",
            n -> one(dynamo("UpdateItem", """
                    {"TableName":"meridian-likes","Key":{"subjectId":{"S":"direct-%d"},"regionShard":{"S":"eu-west-1#%d"}},\
                    "UpdateExpression":"ADD n :likes","ExpressionAttributeValues":{":likes":{"N":"1"}}}""".formatted(n % 12, n % 8))));

    private static final String ADDRESS = """
            {"firstName":"Ada","lastName":"Example","email":"visitor@example.com","address1":"1 Harbour Lane",\
            "city":"Springfield","state":"WA","zip":"98109","zipCode":"98109"}""";

    static {
        ALL.put("browse", n -> one(http("GET", "/catalog/products?page=1&size=10", null)));
        ALL.put("mysfits", n -> one(http("GET", "/mysfits", null)));
        ALL.put("like", n -> one(http("POST", "/mysfits/" + MYSFITS.get((int) (n % MYSFITS.size())) + "/like", "")));
        ALL.put("like-hot", n -> one(http("POST", "/mysfits/" + MYSFITS.getFirst() + "/like", "")));
        ALL.put("topology", n -> one(http("GET", "/topology", null)));
        ALL.put("cart", n -> one(http("GET", "/carts/lines-" + n % CARTS, null)));
        ALL.put("cart-add", n -> one(http("POST", "/carts/bench-" + n + "/items", """
                {"itemId":"bench-%d","quantity":1}""".formatted(n % PRODUCTS))));
        ALL.put("order", n -> one(order("bench-" + n % PRODUCTS, "bench-" + n)));
        ALL.put("top", n -> one(http("GET", "/leaderboard?country=DE&limit=10", null)));
        ALL.put("top-world", n -> one(http("GET", "/leaderboard?limit=10", null)));
        ALL.put("checkout", n -> new byte[][] {
            http("POST", "/checkout/bench-" + n + "/update", """
                    {"items":[{"id":"bench-%d","name":"x","quantity":1,"price":0.01}],"shippingAddress":%s,\
                    "deliveryOptionToken":"priority-mail"}""".formatted(n % PRODUCTS, ADDRESS)),
            http("POST", "/checkout/bench-" + n + "/submit", "")
        });
    }

    private Operations() {}

    static int clients(String operation, int clients) {
        return operation.equals("like-hot") ? HOT_CLIENTS : clients;
    }

    /** The operations in turn. */
    static Load.Operation mixed(List<String> operations) {
        var each = operations.stream().map(ALL::get).toList();
        return n -> each.get((int) (n % each.size())).turn(n);
    }

    /** One unit of a product, once for each customer. */
    static byte[] order(String product, String customer) {
        return http("POST", "/orders", """
                {"shippingAddress":%s,"items":[{"productId":"%s","quantity":1}]}""".formatted(ADDRESS, product),
                "Idempotency-Key: key-" + customer, "X-Customer-Id: " + customer);
    }

    static byte[] http(String method, String path, String json, String... headers) {
        var text = new StringBuilder(256);
        text.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n");
        for (var header : headers) text.append(header).append("\r\n");
        if (json != null) {
            if (!json.isEmpty()) text.append("Content-Type: application/json\r\n");
            text.append("Content-Length: ").append(json.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
        }
        text.append("\r\n");
        if (json != null) text.append(json);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A call in DynamoDB's protocol. DynamoDB Local requires a signature and does not check it. */
    static byte[] dynamo(String action, String json) {
        return ("""
                POST / HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/x-amz-json-1.0\r
                X-Amz-Target: DynamoDB_20120810.%s\r
                X-Amz-Date: 20260101T000000Z\r
                Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/dynamodb/aws4_request, \
                SignedHeaders=host;x-amz-date;x-amz-target, Signature=0\r
                Content-Length: %d\r
                \r
                %s""".formatted(action, json.getBytes(StandardCharsets.UTF_8).length, json)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] one(byte[] request) {
        return new byte[][] {request};
    }
}
