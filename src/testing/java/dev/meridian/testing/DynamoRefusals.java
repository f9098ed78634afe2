package dev.meridian.testing;

import java.util.Optional;
import java.util.function.Predicate;

/// Decides which calls of DynamoDB a proxy answers with an error instead of passing them on, as DynamoDB does when
/// it refuses a call: nothing is written. Thread-safe.
public final class DynamoRefusals {
    /// A call.
    ///
    /// @param operation its name, `UpdateItem`
    /// @param body its JSON, with the table's name and the key
    public record Call(String operation, String body) {
        /// @param target the header `X-Amz-Target`
        /// @param body the request's
        public static Call of(String target, String body) {
            return new Call(target.substring(target.indexOf('.') + 1), body);
        }

        /// Whether the call is about this table.
        ///
        /// @param table its full name
        public boolean isAbout(String table) {
            return body.contains('"' + table + '"');
        }
    }

    /// An answer in place of DynamoDB's.
    public record Refusal(int status, String body) {}

    /// Which calls are refused, and how.
    private record Rule(Predicate<Call> which, Refusal refusal) {}

    private volatile Rule rule;

    /// Refuses these calls from now on.
    ///
    /// @param code of the error, as DynamoDB sends it: `ProvisionedThroughputExceededException`
    /// @param which asked once for each call, by many threads at once
    public void refuse(String code, Predicate<Call> which) {
        var body = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"Refused by a test.\"}";
        rule = new Rule(which, new Refusal(400, body.formatted(code)));
    }

    /// Refuses nothing from now on.
    public void pass() {
        rule = null;
    }

    /// The refusal of a call; empty when it is to be passed on.
    public Optional<Refusal> of(Call call) {
        var now = rule;
        return now != null && now.which.test(call) ? Optional.of(now.refusal) : Optional.empty();
    }
}
