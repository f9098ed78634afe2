package dev.meridian.region;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The health of this Region.
///
/// @param region the Region that answers
/// @param message the result, in the words that the ticket client expects
/// @param status whether the Region should get traffic
/// @param checks each store by name: `dynamodb`, `sql-reader`, `sql-writer`
@Schema(name = "Health")
public record Health(
        @Schema(examples = "eu-west-1") String region,

        @Schema(examples = "Successful response reading from DynamoDB table.")
        String message,

        State status,
        Map<String, Check> checks) {

    /// Up, down, or taken out of traffic by an administrator; a check is only up or down.
    public enum State {
        UP,
        DOWN,
        DRAINED
    }

    /// The result of a probe of one store.
    ///
    /// @param state whether the store works
    /// @param latencyMs how long the answer took, milliseconds
    /// @param detail for administrators: the failure; or of what works, the fallback Region that answered
    ///     (`fallback us-east-1`) or the writer epoch (`epoch 7: db.example.com:5432`); else absent
    @Schema(name = "HealthCheck")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Check(
            State state,
            @Schema(examples = "3") long latencyMs,

            @Schema(examples = "DynamoDB does not answer in time.")
            String detail) {
        boolean good() {
            return state == State.UP;
        }

        private Check withoutDetail() {
            return new Check(state, latencyMs, null);
        }
    }

    /// The same without details, which name servers and their errors.
    Health forStrangers() {
        var plain = new LinkedHashMap<String, Check>();
        checks.forEach((store, check) -> plain.put(store, check.withoutDetail()));
        return new Health(region, message, status, plain);
    }

    /// Whether the Region should get traffic.
    boolean good() {
        return status == State.UP;
    }
}
