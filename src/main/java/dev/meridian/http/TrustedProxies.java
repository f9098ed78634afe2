package dev.meridian.http;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The proxies of `meridian.http.trusted-proxies`. What others say in `X-Forwarded-For` and `X-Forwarded-Proto` is
/// not believed.
@ApplicationScoped
public class TrustedProxies {
    private static final String KEY = "meridian.http.trusted-proxies";
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String UNKNOWN = "unknown";
    /// More proxies in a row are not followed.
    private static final int PROXIES_MAX = 8;

    private static final int NETWORK_BYTES = 8;

    private final List<AddressBlock> blocks;

    @Inject
    TrustedProxies(HttpConfig config) {
        this(config.trustedProxies().orElse(List.of()));
    }

    /// @throws ConfigurationException when one is no address and no block
    TrustedProxies(List<String> proxies) {
        var known = new ArrayList<AddressBlock>();
        for (var block : proxies) {
            known.add(AddressBlock.of(block.strip())
                    .orElseThrow(() -> new ConfigurationException(
                            KEY + ": " + block + " is neither an IP address nor a block such as 10.0.0.0/16")));
        }
        this.blocks = List.copyOf(known);
    }

    /// Creates this bean at start, so that a malformed entry keeps the process from starting.
    void onStart(@Observes StartupEvent start) {
        if (!blocks.isEmpty()) Log.debugf("proxies that are trusted: %s", blocks);
    }

    /// Whether the client's connection is encrypted: this one, or the one to the trusted proxy that sent the
    /// request.
    public boolean isTls(HttpServerRequest request) {
        if (request.isSSL()) return true;
        if (blocks.isEmpty()) return false;
        var sent = request.getHeader(PROTO);
        return sent != null && "https".equalsIgnoreCase(last(sent)) && isTrusted(peer(request));
    }

    /// Whether what a request says of how it reached a proxy is believed: of anybody while no proxy is named.
    public boolean mayForward(HttpServerRequest request) {
        return isNone() || isTrusted(peer(request));
    }

    /// Whether no proxy is trusted, so that behind one all clients have its address.
    public boolean isNone() {
        return blocks.isEmpty();
    }

    /// The address of the client: the nearest one that is no trusted proxy. Elements of `X-Forwarded-For` that stand
    /// before it may be the client's invention. Quarkus' own setting (`quarkus.http.proxy`) takes the first one.
    public String client(HttpServerRequest request) {
        return address(request).map(InetAddress::getHostAddress).orElse(UNKNOWN);
    }

    /// The name of the network that one client may have whole: its address, of IPv6 the first 64 bits (RFC 6177).
    public String network(HttpServerRequest request) {
        var client = address(request);
        return client.isPresent() && client.get() instanceof Inet6Address address
                ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
                : client.map(InetAddress::getHostAddress).orElse(UNKNOWN);
    }

    private Optional<InetAddress> address(HttpServerRequest request) {
        var nearest = peer(request);
        if (nearest.isEmpty() || blocks.isEmpty()) return nearest;
        var sent = String.join(",", request.headers().getAll(FOR));
        int end = sent.length();
        for (int i = 0; i < PROXIES_MAX && end > 0 && isTrusted(nearest); i++) {
            int comma = sent.lastIndexOf(',', end - 1);
            var before =
                    AddressBlock.address(plain(sent.substring(comma + 1, end).strip()));
            // What a trusted proxy sends otherwise is nobody's address.
            if (before.isEmpty()) break;
            nearest = before;
            end = comma;
        }
        return nearest;
    }

    /// Of the connection: the request's own may have been replaced by that of a header.
    private static Optional<InetAddress> peer(HttpServerRequest request) {
        var remote = request.connection().remoteAddress();
        return remote == null || remote.hostAddress() == null
                ? Optional.empty()
                : AddressBlock.address(plain(remote.hostAddress()));
    }

    private boolean isTrusted(Optional<InetAddress> address) {
        return address.isPresent() && blocks.stream().anyMatch(block -> block.contains(address.get()));
    }

    private static String last(String list) {
        return list.substring(list.lastIndexOf(',') + 1).strip();
    }

    /// Without the client's port, which load balancers may add (`192.0.2.1:443`, `[2001:db8::1]:443`), and without a
    /// zone (`fe80::1%eth0`).
    private static String plain(String element) {
        if (element.startsWith("[")) return element.substring(1, Math.max(1, element.lastIndexOf(']')));
        int colon = element.indexOf(':');
        if (colon >= 0 && colon == element.lastIndexOf(':')) return element.substring(0, colon);
        int zone = element.indexOf('%');
        return zone < 0 ? element : element.substring(0, zone);
    }
}
