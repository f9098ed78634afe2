package dev.meridian.order;

class OrderResourceTest {
    static final String ADDRESS = """
            {"firstName":"Nadia","lastName":"Okafor","email":"%s","address1":"12 Lantern Row","address2":"Flat 3",
             "city":"Port Isle","zipCode":"04521","state":"ME","planet":"Earth"}""";

    static String order(String email, String... productsAndQuantities) {
        var items = new StringBuilder();
        for (int i = 0; i < productsAndQuantities.length; i += 2) {
            items.append(i == 0 ? "" : ",")
                    .append("{\"productId\":\"%s\",\"quantity\":%s,\"unitCost\":1,\"totalCost\":\"free\",\"name\":7}"
                            .formatted(productsAndQuantities[i], productsAndQuantities[i + 1]));
        }
        return "{\"shippingAddress\":" + ADDRESS.formatted(email) + ",\"items\":[" + items + "],\"gift\":true}";
    }
}
