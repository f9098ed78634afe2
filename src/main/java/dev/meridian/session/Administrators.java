package dev.meridian.session;

import jakarta.ws.rs.container.ContainerRequestContext;

/// Who makes a call of staff.
public final class Administrators {
    private static final String NAME = "meridian.admin.name";

    private Administrators() {}

    /// The name of who makes a request to an [OperatorOnly] or [CatalogOnly] resource; `anybody` where nobody has to
    /// prove anything.
    public static String name(ContainerRequestContext request) {
        return (String) request.getProperty(NAME);
    }

    static void set(ContainerRequestContext request, String name) {
        request.setProperty(NAME, name);
    }
}
