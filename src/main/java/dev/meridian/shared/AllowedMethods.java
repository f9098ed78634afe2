package dev.meridian.shared;

import java.util.SortedSet;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;

/// Which methods the path of the current request has.
final class AllowedMethods {
    private AllowedMethods() {}

    /// The methods in alphabetical order; empty outside of a request.
    static SortedSet<String> here() {
        var allowed = new TreeSet<String>();
        var request = CurrentRequestManager.get();
        if (request == null) return allowed;
        var match = new RequestMapper<>(request.getDeployment().getClassMappers()).map(request.getPathWithoutPrefix());
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
}
