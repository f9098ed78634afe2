package dev.meridian.http;

import dev.meridian.shared.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestResponse;

/// Conditional requests (RFC 9110, section 13). Our entity tags are strong.
public final class EntityTags {
    /// In `If-Match`: any state, if only the resource exists.
    public static final String ANY = "*";

    private static final String WEAK = "W/";

    /// One tag of a list, with the comma or the end after it.
    private static final Pattern ELEMENT = Pattern.compile("\\G[ \t,]*(W/)?\"([^\"\\p{Cntrl}]*)\"[ \t]*(?=,|$)");

    private static final Pattern REST = Pattern.compile("[ \t,]*");

    private EntityTags() {}

    /// The answer to a read: 304 without a body when `If-None-Match` names the tag, else 200; both with the
    /// tag.
    ///
    /// @param tag without its quotes
    public static <T> RestResponse<T> answer(HttpHeaders headers, String tag, T body) {
        boolean isKnown = isKnown(sent(headers, HttpHeaders.IF_NONE_MATCH).orElse(null), tag);
        return (isKnown
                        ? RestResponse.ResponseBuilder.<T>create(RestResponse.Status.NOT_MODIFIED)
                        : RestResponse.ResponseBuilder.ok(body))
                .header(HttpHeaders.ETAG, quoted(tag))
                .build();
    }

    /// Whether `If-None-Match` names the tag.
    ///
    /// @param ifNoneMatch null when it was not sent
    static boolean isKnown(String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && tags(ifNoneMatch).stream()
                        .flatMap(List::stream)
                        .map(one -> one.startsWith(WEAK) ? one.substring(WEAK.length()) : one)
                        .anyMatch(one -> one.equals(ANY) || one.equals(tag));
    }

    /// A tag as `ETag` has it.
    public static String quoted(String tag) {
        return '"' + tag + '"';
    }

    /// The tags of `If-Match`, one of which the resource must have, or [#ANY]; empty when it was not sent.
    /// A weak tag is never that of a resource.
    ///
    /// @throws ProblemException 400 when it is not a list of tags
    public static Optional<List<String>> ifMatch(HttpHeaders headers) {
        return sent(headers, HttpHeaders.IF_MATCH)
                .map(value -> tags(value)
                        .orElseThrow(() -> ProblemException.invalid(
                                HttpHeaders.IF_MATCH, "must be entity tags in double quotes, or *")));
    }

    /// Whether the resource must not exist yet: `If-None-Match: *`.
    public static boolean mustBeNew(HttpHeaders headers) {
        return sent(headers, HttpHeaders.IF_NONE_MATCH)
                .filter(value -> value.strip().equals(ANY))
                .isPresent();
    }

    private static Optional<String> sent(HttpHeaders headers, String name) {
        var values = headers.getRequestHeader(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values));
    }

    /// @return empty when it is not a list of tags
    static Optional<List<String>> tags(String list) {
        if (list.strip().equals(ANY)) return Optional.of(List.of(ANY));
        var tags = new ArrayList<String>();
        var element = ELEMENT.matcher(list);
        int end = 0;
        while (element.find()) {
            tags.add((element.group(1) == null ? "" : WEAK) + element.group(2));
            end = element.end();
        }
        boolean isList = !tags.isEmpty() && REST.matcher(list.substring(end)).matches();
        return isList ? Optional.of(tags) : Optional.empty();
    }
}
