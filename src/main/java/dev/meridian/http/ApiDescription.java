package dev.meridian.http;

import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Money;
import dev.meridian.shared.Problem;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.servers.Server;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/// Adds to the OpenAPI document, at build time, what all endpoints have in common: problems, the Region header,
/// operation ids, one stable order.
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Meridian",
                        version = "1",
                        description = "A store that stays open when a cloud Region does not. Every error is a Problem "
                                + "(RFC 9457); every answer names its Region in X-Region. Unknown fields of requests are "
                                + "ignored. Calls that create take an Idempotency-Key: send the same one with a retry, "
                                + "in whichever Region. A 429 or 503 with Retry-After may be tried again.",
                        license = @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")),
        servers = @Server(url = "/", description = "The Region that serves this document."),
        components = @Components(schemas = @Schema(name = "Problem", implementation = Problem.class)))
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {
    private static final String REGION = "X-Region";
    private static final String ONE_LINE = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

    /// The largest whole number that JavaScript holds.
    private static final BigDecimal SAFE = BigDecimal.valueOf(9_007_199_254_740_991L);

    private static final String RETRY_AFTER = "Retry-After";
    private static final String TAG = "\"6a8f1d0c2b7e4f53a1c09d8e7f6b5a43\"";
    private static final String TOO_MANY = "429";
    private static final String RATE_LIMIT = "RateLimit";
    private static final String RATE_LIMIT_POLICY = "RateLimit-Policy";
    private static final Map<String, String> EXAMPLES = Map.of(
            HttpHeaders.LOCATION,
            "/orders/1F7D0G2B8Q3K5M7N9PAVCXEZ",
            HttpHeaders.LINK,
            "</orders?cursor=eyJhIjoxfQ>; rel=\"next\"");
    private static final Map<String, String> ALWAYS = Map.of(
            TOO_MANY,
            "The caller has used up a quota; nothing was done.",
            "500",
            "A fault of ours; it is in the log under the trace id.",
            "503",
            "A store does not answer, or not in time: the outcome of a write is unknown. With the type overloaded nothing was done.");
    private static final Map<String, String> WITH_BODY = Map.of(
            "400", "The body or a parameter is not valid; errors names the fields at fault.",
            "408", "The body took too long to arrive.",
            "413", "The body is too large.",
            "415", "The content type is not supported.");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        addHeaders(api);
        var ids = new TreeSet<String>();
        var paths = new TreeMap<>(api.getPaths().getPathItems());
        paths.values().forEach(path -> complete(path, ids));
        // Who looks after the Region is not counted.
        paths.get("/health")
                .getOperations()
                .values()
                .forEach(health -> health.getResponses().removeAPIResponse(TOO_MANY));
        var sorted = OASFactory.createPaths();
        paths.forEach(sorted::addPathItem);
        api.setPaths(sorted);
        if (api.getTags() != null) {
            var tags = new ArrayList<>(api.getTags());
            tags.sort(Comparator.comparing(tag -> tag.getName()));
            api.setTags(tags);
        }
        var schemas = new TreeMap<>(api.getComponents().getSchemas());
        describeAmounts(schemas.get("Money"));
        schemas.values().forEach(ApiDescription::describeBounds);
        api.getComponents().setSchemas(schemas);
    }

    /// Jackson writes an amount as a number.
    private static void describeAmounts(org.eclipse.microprofile.openapi.models.media.Schema money) {
        if (money == null) return;
        money.type(List.of(org.eclipse.microprofile.openapi.models.media.Schema.SchemaType.NUMBER))
                .properties(null)
                .required(null)
                .minimum(BigDecimal.ZERO)
                .maximum(BigDecimal.valueOf(Money.MINOR_MAX, 2))
                .description("An amount in the major unit, with two decimals at most.");
    }

    /// What can be said of every number, and patterns that each dialect of regular expressions reads.
    private static void describeBounds(org.eclipse.microprofile.openapi.models.media.Schema schema) {
        var pattern = schema.getPattern();
        if (pattern != null && pattern.contains("\\p{")) schema.setPattern(ONE_LINE);
        if (schema.getType() != null
                && schema.getType().contains(org.eclipse.microprofile.openapi.models.media.Schema.SchemaType.INTEGER)
                && schema.getMaximum() == null) {
            schema.setMaximum("int64".equals(schema.getFormat()) ? SAFE : BigDecimal.valueOf(Integer.MAX_VALUE));
        }
        if (schema.getProperties() != null) schema.getProperties().values().forEach(ApiDescription::describeBounds);
        if (schema.getItems() != null) describeBounds(schema.getItems());
    }

    private static void addHeaders(OpenAPI api) {
        api.getComponents()
                .addHeader(
                        REGION,
                        OASFactory.createHeader()
                                .description("The Region that answers.")
                                .schema(string("eu-west-1")))
                .addHeader(
                        HttpHeaders.ETAG,
                        OASFactory.createHeader()
                                .description("The entity tag of what is answered, for If-None-Match and If-Match.")
                                .schema(string(TAG)))
                .addHeader(
                        RETRY_AFTER,
                        OASFactory.createHeader()
                                .description("Seconds to wait before the next try.")
                                .schema(string("1")))
                .addHeader(
                        RATE_LIMIT_POLICY,
                        OASFactory.createHeader()
                                .description("The quota that the call was counted for: q units in w seconds. On every "
                                        + "answer to a call that is counted (draft-ietf-httpapi-ratelimit-headers-11).")
                                .schema(string("\"orders-session\";q=20;w=60")))
                .addHeader(
                        RATE_LIMIT,
                        OASFactory.createHeader()
                                .description("What is left of the quota: r units; t is the number of seconds until it "
                                        + "is whole again, or until a refused call would pass.")
                                .schema(string("\"orders-session\";r=0;t=3")));
    }

    private static org.eclipse.microprofile.openapi.models.media.Schema string(String example) {
        return OASFactory.createSchema()
                .addType(org.eclipse.microprofile.openapi.models.media.Schema.SchemaType.STRING)
                .addExample(example);
    }

    private static void complete(PathItem path, Set<String> ids) {
        path.getOperations().values().forEach(operation -> {
            operation.setOperationId(unique(operation.getOperationId(), ids));
            describeKey(operation);
            complete(operation, hasInput(operation) || path.getParameters() != null);
            describeConditions(operation);
        });
    }

    private static void describeKey(Operation operation) {
        if (!hasInput(operation)) return;
        operation.getParameters().stream()
                .filter(parameter -> IdempotencyKeys.HEADER.equals(parameter.getName()))
                .forEach(parameter -> {
                    parameter.schema(string("order-7f3a").minLength(1).maxLength(IdempotencyKeys.LENGTH_MAX));
                    if (parameter.getDescription() == null) {
                        parameter.description("Makes a retry safe: 1 to 255 visible ASCII characters.");
                    }
                });
    }

    /// Reads that answer 304 and changes that answer 412 have an entity tag.
    private static void describeConditions(Operation operation) {
        boolean isRead = operation.getResponses().hasAPIResponse("304");
        boolean isChange = operation.getResponses().hasAPIResponse("412");
        if (isRead) operation.addParameter(condition(HttpHeaders.IF_NONE_MATCH, "Entity tags that the client has."));
        if (isChange)
            operation.addParameter(condition(HttpHeaders.IF_MATCH, "The entity tag that was read; * for any."));
        if (!isRead && !isChange) return;
        operation.getResponses().getAPIResponses().forEach((status, response) -> {
            if (status.startsWith("2") || status.equals("304"))
                response.addHeader(HttpHeaders.ETAG, OASFactory.createHeader().ref(HttpHeaders.ETAG));
        });
    }

    private static Parameter condition(String name, String description) {
        return OASFactory.createParameter()
                .in(Parameter.In.HEADER)
                .name(name)
                .description(description)
                .schema(string(TAG));
    }

    private static boolean hasInput(Operation operation) {
        return operation.getParameters() != null && !operation.getParameters().isEmpty();
    }

    /// `TicketResource_list` becomes `ticketList`.
    private static String unique(String id, Set<String> ids) {
        var parts = id.split("Resource_", 2);
        var name = parts.length < 2
                ? id
                : lowerFirst(parts[0]) + Character.toUpperCase(parts[1].charAt(0)) + parts[1].substring(1);
        var unique = name;
        for (int n = 2; !ids.add(unique); n++) unique = name + n;
        return unique;
    }

    private static String lowerFirst(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static void complete(Operation operation, boolean hasParameters) {
        var responses = operation.getResponses() == null ? OASFactory.createAPIResponses() : operation.getResponses();
        ALWAYS.forEach((status, description) -> addMissing(responses, status, description));
        if (hasParameters) addMissing(responses, "400", "A parameter is not valid; errors names it.");
        if (operation.getRequestBody() != null) {
            WITH_BODY.forEach((status, description) -> addMissing(responses, status, description));
        }
        var sorted = new TreeMap<>(responses.getAPIResponses());
        sorted.forEach(ApiDescription::complete);
        var all = OASFactory.createAPIResponses();
        sorted.forEach(all::addAPIResponse);
        operation.setResponses(all);
    }

    private static void addMissing(APIResponses responses, String status, String description) {
        if (!responses.hasAPIResponse(status)) {
            responses.addAPIResponse(status, OASFactory.createAPIResponse().description(description));
        }
    }

    private static void complete(String status, APIResponse response) {
        if (response.getHeaders() != null) {
            response.getHeaders().forEach((name, header) -> {
                if (header.getRef() == null && header.getSchema() == null) header.setSchema(string(EXAMPLES.get(name)));
            });
        }
        response.addHeader(REGION, OASFactory.createHeader().ref(REGION));
        boolean isError = status.startsWith("4") || status.startsWith("5");
        if (!isError) return;
        if (status.equals(TOO_MANY)) {
            response.addHeader(RATE_LIMIT, OASFactory.createHeader().ref(RATE_LIMIT));
            response.addHeader(RATE_LIMIT_POLICY, OASFactory.createHeader().ref(RATE_LIMIT_POLICY));
        }
        if (status.equals(TOO_MANY) || status.equals("503"))
            response.addHeader(RETRY_AFTER, OASFactory.createHeader().ref(RETRY_AFTER));
        var content = response.getContent();
        if (content == null
                || content.getMediaTypes() == null
                || content.getMediaTypes().isEmpty()) {
            response.setContent(OASFactory.createContent()
                    .addMediaType(
                            Problem.MEDIA_TYPE,
                            OASFactory.createMediaType()
                                    .schema(OASFactory.createSchema().ref("Problem"))));
        }
    }
}
