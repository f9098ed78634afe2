package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final TrustedProxies PROXIES =
            new TrustedProxies(List.of("10.0.0.0/15", " 192.0.2.7 ", "2001:db8:4000::/34"));

    /// @param peer at the other end of the connection
    private static HttpServerRequest request(String peer, MultiMap headers) {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "connection" -> connection(peer);
                    case "headers" -> headers;
                    case "getHeader" -> headers.get(arguments[0].toString());
                    case "isSSL" -> false;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static HttpConnection connection(String peer) {
        return (HttpConnection) Proxy.newProxyInstance(
                HttpConnection.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (_, _, _) -> peer == null ? null : SocketAddress.inetSocketAddress(4711, peer));
    }

    private static MultiMap forwardedFor(String... values) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        for (var value : values) headers.add("X-Forwarded-For", value);
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Who is at the other end, what it sends, whose request it is.
                "203.0.113.9 | 198.51.100.1 | 203.0.113.9",
                "10.1.0.4 | 198.51.100.1 | 198.51.100.1",
                "10.2.0.4 | 198.51.100.1 | 10.2.0.4",
                "10.0.0.4 | 1.1.1.1, 198.51.100.1 | 198.51.100.1",
                "10.0.0.4 | 1.1.1.1, 198.51.100.1, 192.0.2.7, 10.1.255.255 | 198.51.100.1",
                "10.0.0.4 | 1.1.1.1, 198.51.100.1, nonsense, 10.1.255.255 | 10.1.255.255",
                "10.0.0.4 | 10.0.0.5, 10.0.0.6 | 10.0.0.5",
                "10.0.0.4 | '' | 10.0.0.4",
                "10.0.0.4 | , | 10.0.0.4",
                "10.0.0.4 | 198.51.100.1:443 | 198.51.100.1",
                "10.0.0.4 | [2001:db8:8000::1]:443 | 2001:db8:8000:0:0:0:0:1",
                "2001:db8:7fff::1 | 2001:db8:8000::1 | 2001:db8:8000:0:0:0:0:1",
                "2001:db8:8000::1 | 198.51.100.1 | 2001:db8:8000:0:0:0:0:1",
                "::ffff:10.0.0.4 | 198.51.100.1 | 198.51.100.1",
                "10.0.0.4 | 203.0.113.5, _hidden | 10.0.0.4",
                "10.0.0.4 | ,, | 10.0.0.4",
                "10.0.0.4 | fe80::1%eth0 | fe80:0:0:0:0:0:0:1"
            })
    void theClientIsTheNearestThatIsNotTrusted(String peer, String sent, String client) {
        assertEquals(client, PROXIES.client(request(peer, forwardedFor(sent))));
    }

    @Test
    void aSecondHeaderIsNoWayAroundTheFirst() {
        assertEquals("198.51.100.1", PROXIES.client(request("10.0.0.4", forwardedFor("1.1.1.1", "198.51.100.1"))));
        assertEquals(
                "203.0.113.9", new TrustedProxies(List.of()).client(request("203.0.113.9", forwardedFor("1.1.1.1"))));
    }

    @Test
    void aRowOfProxiesHasAnEnd() {
        var proxies = String.join(",", Collections.nCopies(5000, "10.1.1.1"));
        assertEquals("10.1.1.1", PROXIES.client(request("10.0.0.4", forwardedFor("203.0.113.5," + proxies))));
    }

    /// Addresses of one network are one client's.
    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "2001:db8:1:2::1, 20010db800010002",
        "2001:db8:1:2:ffff:ffff:ffff:ffff, 20010db800010002",
        "2001:db8:1:3::1, 20010db800010003",
        ", unknown"
    })
    void oneClientHasA64(String peer, String network) {
        assertEquals(network, PROXIES.network(request(peer, forwardedFor())));
    }

    @Test
    void onlyATrustedProxySaysThatAConnectionIsEncrypted() {
        for (var peer : List.of("10.0.0.4", "192.0.2.7", "203.0.113.9")) {
            for (var proto : List.of("https", "HTTPS", "http, https", "http", "https, http", "")) {
                var headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-Proto", proto);
                boolean isTls = !peer.startsWith("203")
                        && proto.toLowerCase(java.util.Locale.ROOT).endsWith("https");
                assertEquals(isTls, PROXIES.isTls(request(peer, headers)), peer + " " + proto);
            }
        }
        assertFalse(PROXIES.isTls(request("10.0.0.4", MultiMap.caseInsensitiveMultiMap())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "proxy.example.com", "::1/129", "a/b/c"})
    void whatIsNoBlockIsRefusedWithItsName(String bad) {
        var failure = assertThrows(ConfigurationException.class, () -> new TrustedProxies(List.of("10.0.0.0/8", bad)));
        assertTrue(failure.getMessage().startsWith("meridian.http.trusted-proxies: " + bad), failure::getMessage);
    }
}
