package dev.meridian.session;

import dev.meridian.http.Routes;
import dev.meridian.http.TrustedProxies;
import dev.meridian.shared.Ids;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Admits a role, before the body is read, and writes the audit log: one line for each call of an administrator or
/// of staff, also for one that failed.
abstract class StaffFilter implements ContainerRequestFilter, ContainerResponseFilter {
    /// A category of its own, which can be sent elsewhere and kept longer (docs/observability.md).
    private static final Logger AUDIT = Logger.getLogger("meridian.audit");

    private static final String NOTHING = "-";
    private static final int HASH_CHARS = 16;

    // Read with each call: the filter is created while the application is built.
    private final Role role;
    private final Provider<Callers> callers;
    private final Provider<TrustedProxies> proxies;

    StaffFilter(Role role, Provider<Callers> callers, Provider<TrustedProxies> proxies) {
        this.role = role;
        this.callers = callers;
        this.proxies = proxies;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (role == Role.SUPPORT && callers.get().isOpen()) return;
        Administrators.set(request, callers.get().staff(role));
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
                .map(StaffFilter::impersonal)
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
