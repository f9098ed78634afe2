package dev.meridian.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.Deployment;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;

/// The paths of the REST endpoints and their methods, as the REST layer knows them.
public final class Routes {
    /// The mapper of the running application; dev mode creates a new one with each reload.
    private record Classes(Deployment deployment, RequestMapper<InitialMatch> mapper) {}

    private static volatile Classes classes;

    private Routes() {}

    /// The methods of the current request's path, in alphabetical order; empty outside of a request.
    static SortedSet<String> allowedHere() {
        var allowed = new TreeSet<String>();
        var request = CurrentRequestManager.get();
        if (request == null) return allowed;
        var match = classes(request.getDeployment()).map(request.getPathWithoutPrefix());
        if (match == null) return allowed;
        for (var handler : match.value.handlers) {
            if (!(handler instanceof ClassRoutingHandler routing)) continue;
            var rest = match.remaining.isEmpty() ? "/" : match.remaining;
            routing.getMappers().forEach((method, mapper) -> {
                if (method != null && mapper.map(rest) != null) allowed.add(method);
            });
        }
        if (allowed.contains("GET")) allowed.add("HEAD");
        allowed.add("OPTIONS");
        return allowed;
    }

    /// The template of the endpoint for a path, of any method: `/carts/{customerId}` for `/carts/ada`.
    public static Optional<String> template(String path) {
        var deployment = ResteasyReactiveRecorder.getCurrentDeployment();
        if (deployment == null) return Optional.empty();
        var match = classes(deployment).map(path);
        if (match == null) return Optional.empty();
        var rest = match.remaining.isEmpty() ? "/" : match.remaining;
        for (var handler : match.value.handlers) {
            if (!(handler instanceof ClassRoutingHandler routing)) continue;
            for (var mapper : routing.getMappers().values()) {
                var method = mapper.map(rest);
                if (method == null) continue;
                var whole = (match.template.template + "/" + method.template.template).replaceAll("/{2,}", "/");
                return Optional.of(
                        whole.length() > 1 && whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole);
            }
        }
        return Optional.empty();
    }

    /// Whether the current request is for a resource whose own path begins with this segment, whichever way the
    /// client wrote it; false outside of a request.
    static boolean isBelow(String segment) {
        var request = CurrentRequestManager.get();
        if (request == null) return false;
        var path = request.getPathWithoutPrefix();
        // The map compares just this text, so most paths need not be looked for in it.
        if (!path.startsWith(segment, path.startsWith("/") ? 1 : 0)) return false;
        var match = classes(request.getDeployment()).map(path);
        if (match == null) return false;
        var template = match.template.template;
        int end = segment.length() + 1;
        return template.startsWith("/" + segment) && (template.length() == end || template.charAt(end) == '/');
    }

    private static RequestMapper<InitialMatch> classes(Deployment deployment) {
        var known = classes;
        if (known == null || known.deployment() != deployment) {
            known = new Classes(deployment, new RequestMapper<>(deployment.getClassMappers()));
            classes = known;
        }
        return known.mapper();
    }
}
