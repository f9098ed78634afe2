package dev.meridian.http;

import io.quarkus.vertx.http.runtime.RouteConstants;
import jakarta.ws.rs.Priorities;

/// The order in which the filters of this service run. [package-info] shows it as a table.
///
/// Filters of the router run from the highest number to the lowest, routes from the lowest to the highest,
/// filters of the REST layer from the lowest to the highest on the way in and back again on the way out.
public final class FilterOrder {
    /// Filter: repairs of the head, before anything has happened, since another target begins anew.
    public static final int REPAIRS = 1200;

    /// Filter: the headers of every answer, before anything can answer.
    public static final int SECURITY_HEADERS = 1100;

    /// Filter: the head of the request is complete, before everything else but headers.
    public static final int CONNECTIONS = 1000;

    /// Filter: the trace id, before every route, so that problems of unknown paths carry it too.
    public static final int TRACE_HEADER = 900;

    /// Filter: headers that other packages add ([ResponseHeader]), before CORS, so that they are on all answers.
    public static final int RESPONSE_HEADERS = 320;

    /// Filter: removes the origin of requests from this site's own pages, before CORS would refuse them.
    public static final int SAME_ORIGIN = 310;

    /// Filter: Quarkus's CORS. Only named here; its number is Quarkus's own.
    public static final int CORS = 300;

    /// Filter: sizes and syntax, after CORS, so that a browser may read the refusal.
    public static final int LIMITS = 250;

    /// Filter: how much is under way, of requests that are well formed, before anything is looked up for them.
    public static final int SHEDDING = 245;

    /// Filter: how much the caller asks for, of requests that are well formed, before their bodies are read.
    public static final int RATE_LIMITS = 240;

    /// Route: the size of a body by its content type, after Quarkus has set one size for all types.
    public static final int BODY_LIMIT = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1;

    /// Route: what this service answers itself before Quarkus's static resources and documents.
    public static final int BEFORE_RESOURCES = -1;

    /// REST filter: who calls, for administrators and for pages.
    public static final int AUTHENTICATION = Priorities.AUTHENTICATION;

    /// REST filter: problems become pages for browsers, before Quarkus's own filters see the answer.
    public static final int ERROR_PAGE = 4000;

    private FilterOrder() {}
}
