package dev.meridian.dynamo;

import dev.meridian.async.CallerContext;
import dev.meridian.dynamo.DynamoReplicas.Replica;
import dev.meridian.shared.ProblemException;
import dev.meridian.telemetry.StoreTimers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The bridge to DynamoDB: every call of every repository goes through it, to the local Region's replica, or to the
/// fallback's while the local one fails ([DynamoFailover]; off unless configured).
///
/// A call is lazy, bounded by `meridian.dynamo.timeout`, counted (`meridian.store.calls`,
/// `meridian.dynamo.calls`), and resumes on the caller's event loop. A failed condition passes through as
/// [ConditionalCheckFailedException]; a store that does not answer, throttles or lacks the table becomes a
/// 503 problem.
@ApplicationScoped
public class Dynamo {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /// How often a call that was not sent is tried again. The SDK closes connections after errors, also failed
    /// conditions, and sometimes hands one out that is about to be closed.
    static final int UNSENT_MAX = 3;

    /// The method of the SDK's `NettyRequestExecutor` that prepares a pooled connection, before it writes to
    /// it. Of the failure it throws no other class or message tells it from one after the request.
    private static final String PREPARES = "configurePipeline";

    private final DynamoFailover failover;
    private final DynamoConfig config;
    private final TablesConfig tables;
    private final StoreTimers timers;
    private final MeterRegistry meters;
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();

    Dynamo(DynamoFailover failover, DynamoConfig config, TablesConfig tables, MeterRegistry meters) {
        this.failover = failover;
        this.config = config;
        this.tables = tables;
        this.timers = new StoreTimers(meters, "dynamodb");
        this.meters = meters;
    }

    private Counter attemptsAt(String region) {
        return meters.counter("meridian.dynamo.calls", "target", region);
    }

    /// The full name of a table.
    public String name(DynamoTable table) {
        return tables.prefix() + table.baseName();
    }

    /// The fallback Region while calls go to its replica; empty while they go to this Region's. For writes
    /// that must not conflict with writes in this Region's own replica: they use other items, and pass this
    /// value on, so that they reach the same replica even when the failover state changes meanwhile.
    public Optional<String> fallbackRegion() {
        return failover.fallbackRegion();
    }

    /// A call that may safely run twice: a read, or a write of absolute state. Tried once more, within the same
    /// timeout, when the store did not answer in time, throttled or failed.
    ///
    /// @param operation for metrics: the use case in kebab case, `cart-list`
    public <T> Uni<T> idempotent(String operation, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return idempotent(operation, failover::current, call);
    }

    /// The same, on the replica that [#fallbackRegion] returned.
    public <T> Uni<T> idempotent(
            String operation, Optional<String> fallbackRegion, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return idempotent(operation, () -> failover.replica(fallbackRegion), call);
    }

    private <T> Uni<T> idempotent(
            String operation, Supplier<Replica> where, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        var attemptTimeout = config.attemptTimeout();
        return guarded(
                operation,
                deadline -> attempt(where, call, attemptTimeout, deadline)
                        .onFailure(Dynamo::isTransient)
                        .retry()
                        .atMost(1));
    }

    /// A call that must run at most once, such as an `ADD`: never repeated after it was sent, neither here nor on
    /// another replica. When its answer is lost the outcome is unknown to the client too.
    ///
    /// @param operation for metrics: the use case in kebab case, `cart-add`
    public <T> Uni<T> once(String operation, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return once(operation, failover::current, call);
    }

    /// The same, on the replica that [#fallbackRegion] returned.
    public <T> Uni<T> once(
            String operation, Optional<String> fallbackRegion, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return once(operation, () -> failover.replica(fallbackRegion), call);
    }

    private <T> Uni<T> once(
            String operation, Supplier<Replica> where, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return guarded(
                operation,
                deadline -> attempt(where, call, config.timeout(), deadline)
                        .onFailure(Dynamo::isUnsent)
                        .retry()
                        .atMost(UNSENT_MAX));
    }

    /// Resumes on the caller's event loop, since the SDK answers on a thread of its own ([DynamoClients]).
    ///
    /// @param deadline of all attempts, by [System#nanoTime]
    private <T> Uni<T> attempt(
            Supplier<Replica> where,
            Function<DynamoDbAsyncClient, CompletionStage<T>> call,
            Duration timeout,
            long deadline) {
        return Uni.createFrom().deferred(() -> {
            var left = Math.min(timeout.toNanos(), deadline - System.nanoTime());
            if (left <= 0) return Uni.createFrom().failure(new TimeoutException());
            var context = Vertx.currentContext();
            var replica = where.get();
            attempts.computeIfAbsent(replica.region(), this::attemptsAt).increment();
            var uni = Uni.createFrom()
                    .completionStage(() -> call.apply(replica.client()))
                    .ifNoItem()
                    .after(Duration.ofNanos(left))
                    .on(CallerContext.scheduler())
                    .fail()
                    .onItemOrFailure()
                    .invoke((_, failure) -> {
                        if (isFault(failure)) failover.failed(replica);
                        else failover.answered(replica);
                    });
            return context == null
                    ? uni.emitOn(Infrastructure.getDefaultExecutor())
                    : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
    }

    /// Whether the store itself failed. A store that throttles or refuses is available.
    private static boolean isFault(Throwable failure) {
        return switch (failure) {
            case TimeoutException _ -> true;
            case DynamoDbException e -> e.statusCode() >= SERVER_ERROR;
            case SdkClientException _ -> true;
            case null, default -> false;
        };
    }

    /// Whether a call was certainly not sent: the SDK found its connection closed while it prepared it for
    /// the request.
    static boolean isUnsent(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var trace = cause.getStackTrace();
            if (cause instanceof IOException
                    && trace.length > 0
                    && trace[0].getMethodName().equals(PREPARES)) return true;
        }
        return false;
    }

    /// @param call gets the deadline of all its attempts, by [System#nanoTime]
    private <T> Uni<T> guarded(String operation, LongFunction<Uni<T>> call) {
        return Uni.createFrom().deferred(() -> {
            var begun = System.nanoTime();
            return call.apply(begun + config.timeout().toNanos())
                    .onTermination()
                    .invoke((_, failure, cancelled) -> timers.ended(operation, outcome(failure, cancelled), begun))
                    .onFailure(failure -> !isAnswer(failure))
                    .transform(Dynamo::toProblem);
        });
    }

    private static String outcome(Throwable failure, boolean cancelled) {
        if (cancelled) return "cancelled";
        if (failure == null) return "ok";
        return isAnswer(failure) ? "condition-failed" : "failed";
    }

    /// A failed condition is an answer, not a fault.
    private static boolean isAnswer(Throwable failure) {
        return failure instanceof ConditionalCheckFailedException || failure instanceof TransactionCanceledException;
    }

    private static boolean isTransient(Throwable failure) {
        return switch (failure) {
            case TimeoutException _ -> true;
            case ResourceNotFoundException _ -> false;
            case DynamoDbException e -> isUnavailable(e);
            case SdkClientException _ -> true;
            default -> false;
        };
    }

    private static boolean isUnavailable(DynamoDbException e) {
        return e.statusCode() >= SERVER_ERROR || e.statusCode() == TOO_MANY_REQUESTS || e.isThrottlingException();
    }

    private static Throwable toProblem(Throwable failure) {
        return switch (failure) {
            case ResourceNotFoundException e -> ProblemException.unavailable("A DynamoDB table is missing here.", e);
            case DynamoDbException e when !isUnavailable(e) -> e;
            case SdkException e -> ProblemException.unavailable("DynamoDB does not answer.", e);
            case TimeoutException e -> ProblemException.unavailable("DynamoDB does not answer in time.", e);
            default -> failure;
        };
    }
}
