package dev.meridian.dynamoclient;

import com.fasterxml.jackson.core.JsonToken;
import dev.meridian.dynamoclient.DynamoJson.Reader;
import dev.meridian.dynamoclient.DynamoJson.Writer;
import dev.meridian.dynamoclient.HttpPools.Answer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.retry.ClockSkew;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// The SDK's DynamoDB client without the SDK's pipeline: its requests, answers and exceptions, so that callers need
/// not change; written, signed, sent and read here, on the caller's event loop.
///
/// It has the operations on items, and `DescribeTable` as far as to tell whether a table exists. All others
/// throw [UnsupportedOperationException], and a request with a member that is not written here fails with an
/// [IllegalArgumentException]. It repeats nothing. A call that certainly did not reach DynamoDB fails with a
/// [NotSentException]. A future that is cancelled closes its connection. Futures complete in the context in
/// which the call was made, also when that belongs to no event loop.
public final class DynamoClient implements DynamoDbAsyncClient {
    private static final String TARGET = "DynamoDB_20120810.";
    private static final int OK = 200;

    private final Vertx vertx;
    private final HttpPools pools;
    private final Tracer tracer;
    private final ServerClock clock = new ServerClock(System::currentTimeMillis);

    /// Opens no connection yet.
    ///
    /// @param credentials those to use now. Asked for each call on an event loop, so it must not block; where
    ///     there are none, it throws, and the call fails with that. The same object while nothing changes
    ///     saves work.
    /// @param tracer of the spans `DynamoDb.GetItem`, `DynamoDb.Query`, …
    public DynamoClient(Vertx vertx, ClientSettings settings, Supplier<AwsCredentials> credentials, Tracer tracer) {
        this.vertx = vertx;
        this.tracer = tracer;
        var host = HttpPools.hostHeader(settings.endpoint());
        this.pools = new HttpPools(vertx, settings, () -> new Signer(host, settings.region(), credentials, clock));
    }

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest r) {
        return call("GetItem", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::getItem);
    }

    @Override
    public CompletableFuture<PutItemResponse> putItem(PutItemRequest r) {
        return call("PutItem", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::putItem);
    }

    @Override
    public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest r) {
        return call("UpdateItem", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::updateItem);
    }

    @Override
    public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest r) {
        return call("DeleteItem", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::deleteItem);
    }

    @Override
    public CompletableFuture<QueryResponse> query(QueryRequest r) {
        return call("Query", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::query);
    }

    @Override
    public CompletableFuture<ScanResponse> scan(ScanRequest r) {
        return call("Scan", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::scan);
    }

    @Override
    public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest r) {
        return call("BatchGetItem", null, json -> RequestJson.write(r, json), AnswerJson::batchGetItem);
    }

    @Override
    public CompletableFuture<BatchWriteItemResponse> batchWriteItem(BatchWriteItemRequest r) {
        return call("BatchWriteItem", null, json -> RequestJson.write(r, json), AnswerJson::batchWriteItem);
    }

    @Override
    public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest r) {
        return call("TransactWriteItems", null, json -> RequestJson.write(r, json), AnswerJson::transactWriteItems);
    }

    @Override
    public CompletableFuture<DescribeTableResponse> describeTable(DescribeTableRequest r) {
        return call("DescribeTable", r.tableName(), json -> RequestJson.write(r, json), AnswerJson::describeTable);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        pools.close();
    }

    /// A future that ends its call when it is cancelled.
    private static final class Pending<T> extends CompletableFuture<T> {
        private Runnable abort;
        private volatile NotSentException notSent;

        @Override
        public boolean cancel(boolean mayInterrupt) {
            var isCancelled = super.cancel(mayInterrupt);
            if (isCancelled) abort.run();
            return isCancelled;
        }
    }

    /// Why a call that was cancelled was not sent; null if it may have been sent, or the future is none of this
    /// client. Known once [CompletableFuture#cancel] has returned to the event loop of the call.
    public static NotSentException notSent(CompletionStage<?> cancelled) {
        return cancelled instanceof Pending<?> pending ? pending.notSent : null;
    }

    /// @param table null where there are several
    private <T> CompletableFuture<T> call(String operation, String table, Writer request, Reader<T> reader) {
        DynamoJson.Body body;
        try {
            body = DynamoJson.body(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(Failures.noAnswer(e));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        var context = LoopContext.current(vertx);
        var span = span(operation, table);
        var pending = new Pending<T>();
        // Read at once, since the bytes are overwritten; handed over in the caller's context, which is no hop: the
        // event loop is the same.
        pending.abort = pools.send(context, TARGET + operation, body, (answer, failure, aheadMillis) -> {
            try {
                if (failure instanceof NotSentException none) pending.notSent = none;
                if (failure != null) throw Failures.noAnswer(failure);
                if (answer.status() != OK) throw refusal(answer, aheadMillis);
                var item = read(answer, reader);
                end(span, answer, null);
                return () -> context.emit(item, pending::complete);
            } catch (RuntimeException e) {
                return fail(pending, context, span, answer, e);
            } catch (Throwable e) {
                // Also an error, such as one for want of memory: the caller must not wait for ever.
                return fail(pending, context, span, answer, Failures.noAnswer(e));
            }
        });
        return pending;
    }

    /// The whole answer must be one object: half an answer would be taken for the absence of what is missing.
    private static <T> T read(Answer answer, Reader<T> reader) throws IOException {
        try (var json = DynamoJson.parser(answer.bytes(), answer.offset(), answer.length())) {
            DynamoJson.expect(JsonToken.START_OBJECT, json.nextToken());
            var read = reader.read(json);
            DynamoJson.expect(null, json.nextToken());
            return read;
        }
    }

    /// After a refusal for the time of the request, the next one is signed with the time of the answer.
    private DynamoDbException refusal(Answer answer, long aheadMillis) {
        var refusal = Failures.of(answer, aheadMillis);
        if (refusal.isClockSkewException())
            ClockSkew.getServerTime(refusal.awsErrorDetails().sdkHttpResponse()).ifPresent(clock::correct);
        return refusal;
    }

    private static Runnable fail(
            CompletableFuture<?> future, LoopContext context, Span span, Answer answer, RuntimeException failure) {
        end(span, answer, failure);
        return () -> context.emit(failure, future::completeExceptionally);
    }

    /// Named as the SDK's instrumentation does, which X-Ray's exporter knows. Not even begun when the
    /// request's trace is not sampled: its calls would not be either, and that is most of the price.
    private Span span(String operation, String table) {
        var parent = Span.current().getSpanContext();
        if (parent.isValid() && !parent.isSampled()) return Span.getInvalid();
        var span = tracer.spanBuilder("DynamoDb." + operation)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("rpc.system", "aws-api")
                .setAttribute("rpc.service", "DynamoDb")
                .setAttribute("rpc.method", operation)
                .setAttribute("db.system", "dynamodb")
                .setAttribute("db.operation", operation);
        if (table != null) span.setAttribute("aws.table.name", table);
        return span.startSpan();
    }

    private static void end(Span span, Answer answer, Throwable failure) {
        if (answer != null) {
            span.setAttribute("http.response.status_code", (long) answer.status());
            if (answer.requestId() != null) span.setAttribute("aws.request_id", answer.requestId());
        }
        if (failure != null) span.setStatus(StatusCode.ERROR);
        span.end();
    }
}
