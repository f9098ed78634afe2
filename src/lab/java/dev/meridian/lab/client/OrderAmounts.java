package dev.meridian.lab.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.shared.Money;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What an order costs, in minor units, as an answer or a store has it.
public record OrderAmounts(long subtotal, long shipping, long tax) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Of an order in an answer of the API.
    static OrderAmounts ofAnswer(JsonNode order) {
        return new OrderAmounts(minor(order, "subtotal"), minor(order, "shipping"), minor(order, "tax"));
    }

    private static long minor(JsonNode order, String name) {
        return Money.ofMajor(order.path(name).decimalValue()).minor();
    }

    /// Of the payload of a journal entry.
    public static OrderAmounts ofPayload(String payload) {
        try {
            var order = JSON.readTree(payload);
            return new OrderAmounts(
                    order.path("subtotalMinor").longValue(),
                    order.path("shippingMinor").longValue(),
                    order.path("taxMinor").longValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
