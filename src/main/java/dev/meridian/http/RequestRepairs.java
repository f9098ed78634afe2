package dev.meridian.http;

import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.regex.Pattern;

/// Repairs the heads of requests before anything reads them, so that nobody is refused for what this
/// service does not need, and nothing behind has to bear it: targets as browsers and links in
/// advertisements have them, media types that are not quite any, languages that no answer has.
@ApplicationScoped
class RequestRepairs {
    private static final String PLAIN_IN_PATH = "-_.!~*'(),:$&+=@/;\\%";
    private static final String PLAIN_IN_QUERY = "-_.!~*'(),:$&+=@/?[]%";

    private static final Pattern CONTENT_TYPE =
            Pattern.compile("\\s*([\\w!#$%&'*+.^`|~-]+/[\\w!#$%&'*+.^`|~-]+)\\s*(;.*)?");

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([\\w.:+-]+)\"?\\s*(?=;|$)", Pattern.CASE_INSENSITIVE);

    void onFilters(@Observes Filters filters) {
        filters.register(RequestRepairs::repair, FilterOrder.REPAIRS);
    }

    /// Before [HttpMetrics], which reads `Accept`.
    void onManagement(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE).handler(RequestRepairs::repair);
    }

    private static void repair(RoutingContext context) {
        var request = context.request();
        repair(request.headers());
        var target = target(request.uri());
        // All routes begin anew with the other target; nothing has happened yet.
        if (target.equals(request.uri()) || !target.startsWith("/")) context.next();
        else context.reroute(request.method(), target);
    }

    private static void repair(MultiMap headers) {
        // Nothing here is written in more than one language or character set.
        headers.remove(HttpHeaders.ACCEPT_LANGUAGE).remove("Accept-Charset");
        if (headers.contains(HttpHeaders.ACCEPT)) {
            var accept = AcceptHeader.repaired(String.join(",", headers.getAll(HttpHeaders.ACCEPT)));
            if (accept.isEmpty()) headers.remove(HttpHeaders.ACCEPT);
            else headers.set(HttpHeaders.ACCEPT, accept);
        }
        var type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type != null) headers.set(HttpHeaders.CONTENT_TYPE, contentType(type));
    }

    /// A content type with no other parameter than a character set, and for JSON, which has but one, with
    /// none (RFC 8259, section 11). What is no content type at all stays as it is.
    static String contentType(String sent) {
        var type = CONTENT_TYPE.matcher(sent);
        if (!type.matches()) return sent;
        var name = type.group(1);
        if (type.group(2) == null || name.toLowerCase(Locale.ROOT).endsWith("json")) return name;
        var charset = CHARSET.matcher(type.group(2));
        return charset.find() ? name + ";charset=" + charset.group(1) : name;
    }

    /// The target with everything escaped that is not a part of a URI. In the query a percent sign that
    /// begins no escape stands for itself, and a semicolon for itself and for no end of a parameter.
    /// Neither is repaired in the path, where they are refused ([HttpLimits#isPlain]). A fragment, which is
    /// nothing to a server, and the host of a target for proxies go.
    static String target(String sent) {
        var from = withoutHost(sent);
        int fragment = from.indexOf('#');
        if (fragment >= 0) from = from.substring(0, fragment);
        int query = from.indexOf('?');
        StringBuilder repaired = null;
        for (int i = 0; i < from.length(); i++) {
            char c = from.charAt(i);
            boolean isInQuery = query >= 0 && i > query;
            boolean isPlain = c == '%' && isInQuery ? isEscape(from, i) : isPlain(c, isInQuery) || i == query;
            if (isPlain) {
                if (repaired != null) repaired.append(c);
                continue;
            }
            if (repaired == null) repaired = new StringBuilder(from.length() + 16).append(from, 0, i);
            escape(repaired, c);
        }
        return repaired == null ? from : repaired.toString();
    }

    private static boolean isPlain(char c, boolean isInQuery) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || (isInQuery ? PLAIN_IN_QUERY : PLAIN_IN_PATH).indexOf(c) >= 0;
    }

    /// The codec makes one char of each byte.
    private static void escape(StringBuilder to, char c) {
        to.append('%')
                .append(Character.toUpperCase(Character.forDigit(c >> 4 & 0xF, 16)))
                .append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
    }

    private static boolean isEscape(String text, int at) {
        return at + 2 < text.length()
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && Character.digit(text.charAt(at + 2), 16) >= 0;
    }

    private static String withoutHost(String target) {
        if (target.startsWith("/")) return target;
        int host = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (host < 0) return target;
        for (int i = host; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/') return target.substring(i);
            if (c == '?' || c == '#') return "/" + target.substring(i);
        }
        return "/";
    }
}
