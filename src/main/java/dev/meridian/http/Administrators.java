package dev.meridian.http;

import jakarta.ws.rs.container.ContainerRequestContext;

/// Who makes an admin call.
public final class Administrators {
    private static final String NAME = "meridian.admin.name";

    private Administrators() {}

    /// The name that belongs to the token of a request to an [AdminOnly] resource; `anybody` where no token is needed.
    public static String name(ContainerRequestContext request) {
        return (String) request.getProperty(NAME);
    }

    static void set(ContainerRequestContext request, String name) {
        request.setProperty(NAME, name);
    }
}
