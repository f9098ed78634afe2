package dev.meridian.http;

import dev.meridian.shared.Ids;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Enforces [AdminOnly], before the body is read, and writes the audit log: one line for each call of an
/// administrator, also for one that failed.
@jakarta.ws.rs.ext.Provider
@AdminOnly
@Priority(FilterOrder.AUTHENTICATION)
class AdminFilter implements ContainerRequestFilter, ContainerResponseFilter {
    /// A category of its own, which can be sent elsewhere and kept longer (docs/observability.md).
    private static final Logger AUDIT = Logger.getLogger("meridian.audit");

    private static final String NOTHING = "-";
    private static final int HASH_CHARS = 16;

    // Read with each call: the filter is created while the application is built.
    private final Provider<AdminTokens> tokens;
    private final Provider<TrustedProxies> proxies;

    AdminFilter(Provider<AdminTokens> tokens, Provider<TrustedProxies> proxies) {
        this.tokens = tokens;
        this.proxies = proxies;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Administrators.set(request, tokens.get().name(request.getHeaderString(HttpHeaders.AUTHORIZATION)));
    }

    /// No query and no body: they may have personal values.
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var admin = Administrators.name(request);
        if (admin == null) return;
        var current = CurrentRequestManager.get();
        AUDIT.infof(
                "admin=%s method=%s operation=%s on=%s from=%s status=%d",
                admin,
                request.getMethod(),
                Routes.template(current.getPathWithoutPrefix()).orElse(NOTHING),
                ids(request.getUriInfo().getPathParameters().values()),
                proxies.get().client(current.unwrap(RoutingContext.class).request()),
                response.getStatus());
    }

    /// The ids of the path.
    private static String ids(Collection<List<String>> parameters) {
        var ids = parameters.stream()
                .flatMap(List::stream)
                .map(AdminFilter::impersonal)
                .collect(Collectors.joining(","));
        return ids.isEmpty() ? NOTHING : ids;
    }

    /// An id that may be an e-mail address stands as its hash: the same for the same customer, in every Region.
    /// What is no id is encoded, so that it cannot begin another field or line.
    private static String impersonal(String id) {
        if (id.contains("@")) return "sha256:" + Ids.hash(id).substring(0, HASH_CHARS);
        return Ids.isValid(id) ? id : URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
