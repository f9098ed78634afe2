package dev.meridian.lab.cluster;

/// Errors of DynamoDB, as AWS answers them.
final class DynamoErrors {
    static final String JSON = "application/x-amz-json-1.0";

    private static final String MODEL = "com.amazonaws.dynamodb.v20120810#";
    private static final String TRANSACTION_CONFLICT =
            "Transaction is ongoing for the item, or another request modifies it";

    private DynamoErrors() {}

    private static Message error(String type, String message) {
        return Message.of(400, JSON, "{\"__type\":\"" + type + "\",\"message\":\"" + message + "\"}");
    }

    static Message throughputExceeded() {
        return error(
                MODEL + "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded.");
    }

    /// This one has a namespace of its own.
    static Message throttling() {
        return error("com.amazon.coral.availability#ThrottlingException", "Rate of requests exceeds the allowed.");
    }

    static Message replicatedWriteConflict() {
        return error(
                MODEL + "ReplicatedWriteConflictException",
                "One or more items in the request are being modified by a request in another Region.");
    }

    static Message transactionConflict() {
        return error(MODEL + "TransactionConflictException", TRANSACTION_CONFLICT);
    }

    /// A transaction that was canceled only by a conflict, on its first item.
    ///
    /// @param items of the transaction
    static Message transactionCanceled(int items) {
        var reasons = "{\"Code\":\"TransactionConflict\",\"Message\":\"" + TRANSACTION_CONFLICT + "\"}"
                + ",{\"Code\":\"None\"}".repeat(items - 1);
        return Message.of(
                400,
                JSON,
                "{\"__type\":\"" + MODEL + "TransactionCanceledException\",\"CancellationReasons\":[" + reasons
                        + "],\"Message\":\"Transaction cancelled, please refer cancellation reasons for specific reasons ["
                        + "TransactionConflict" + ", None".repeat(items - 1) + "]\"}");
    }
}
