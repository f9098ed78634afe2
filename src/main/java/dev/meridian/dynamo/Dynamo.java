package dev.meridian.dynamo;

import dev.meridian.async.CallerContext;
import dev.meridian.aws.HeldCredentials;
import dev.meridian.dynamo.DynamoReplicas.Replica;
import dev.meridian.dynamoclient.DynamoClient;
import dev.meridian.dynamoclient.NotSentException;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/// The bridge to DynamoDB: every call of every repository goes through it, to the local Region's replica, or to the
/// fallback's while the local one fails ([DynamoFailover]; off unless configured).
///
/// A call is lazy, bounded by `meridian.dynamo.timeout`, counted (`meridian.store.calls`,
/// `meridian.dynamo.calls`), and resumes on the caller's event loop. [DynamoError] says what a failure means: a
/// failed condition passes through as [ConditionalCheckFailedException]; a store that does not answer, throttles,
/// refuses the credentials or lacks the table becomes a 503 problem. [DynamoRetries] bounds the retries.
@ApplicationScoped
public class Dynamo {
    /// How often a call that met a closed connection is tried again at once. The SDK closes connections after
    /// errors, also failed conditions, and sometimes hands one out that is about to be closed.
    static final int STALE_MAX = 3;

    /// The method of the SDK's `NettyRequestExecutor` that prepares a pooled connection, before it writes to
    /// it. Of the failure it throws no other class or message tells it from one after the request.
    private static final String PREPARES = "configurePipeline";

    private final DynamoFailover failover;
    private final DynamoConfig config;
    private final TablesConfig tables;
    private final StoreTimers timers;
    private final MeterRegistry meters;
    private final HeldCredentials credentials;
    private final DynamoRetries retries = new DynamoRetries();
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();

    Dynamo(
            DynamoFailover failover,
            DynamoConfig config,
            TablesConfig tables,
            MeterRegistry meters,
            HeldCredentials credentials) {
        this.credentials = credentials;
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

    /// A call that may safely run twice: a read, or a write of absolute state. Repeated, within the same timeout,
    /// when the store did not answer in time, failed, throttled, or met another write of the item.
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

    /// BatchGetItem, strongly consistent. What DynamoDB leaves out of it is read again, as a call that it
    /// throttles.
    ///
    /// @param operation for metrics: the use case in kebab case, `like-counts`
    /// @param keys 100 at most
    /// @return the items that exist, in any order
    public Uni<List<Map<String, AttributeValue>>> batchGet(
            String operation, DynamoTable table, Collection<Map<String, AttributeValue>> keys) {
        var name = name(table);
        return Uni.createFrom().deferred(() -> {
            var left = new AtomicReference<>(keys);
            var items = new ArrayList<Map<String, AttributeValue>>();
            return complete(
                            operation,
                            client -> {
                                var wanted = KeysAndAttributes.builder()
                                        .keys(left.get())
                                        .consistentRead(true)
                                        .build();
                                return client.batchGetItem(r -> r.requestItems(Map.of(name, wanted)));
                            },
                            response -> {
                                items.addAll(response.responses().getOrDefault(name, List.of()));
                                var rest = response.unprocessedKeys().get(name);
                                left.set(rest == null ? List.of() : rest.keys());
                                return left.get().isEmpty();
                            })
                    .replaceWith(items);
        });
    }

    /// A call that is repeated until its answer is complete.
    private <T> Uni<T> complete(
            String operation, Function<DynamoDbAsyncClient, CompletionStage<T>> call, Predicate<T> isComplete) {
        return guarded(
                operation,
                true,
                deadline -> attempt(failover::current, call, config.attemptTimeout(), deadline)
                        .invoke(answer -> {
                            if (!isComplete.test(answer)) throw leftOut();
                        }));
    }

    /// What DynamoDB says when it throttles all of a batch.
    private static DynamoDbException leftOut() {
        return ProvisionedThroughputExceededException.builder()
                .message("A part of the batch is left out.")
                .build();
    }

    private <T> Uni<T> idempotent(
            String operation, Supplier<Replica> where, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return guarded(operation, true, deadline -> attempt(where, call, config.attemptTimeout(), deadline));
    }

    /// A call that must run at most once, such as an `ADD`: repeated only when nothing was written, because it was
    /// not sent, was throttled, or met another write of the item. When its answer is lost the outcome is unknown to
    /// the client too.
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
        return guarded(operation, false, deadline -> attempt(where, call, config.timeout(), deadline));
    }

    /// Resumes on the caller's event loop, since the SDK's client answers on a thread of its own ([SdkClients]).
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
            var sent = new AtomicReference<CompletionStage<T>>();
            var uni = Uni.createFrom()
                    .completionStage(() -> {
                        sent.set(call.apply(replica.client()));
                        return sent.get();
                    })
                    .ifNoItem()
                    .after(Duration.ofNanos(left))
                    .on(CallerContext.scheduler())
                    .failWith(() -> late(sent.get()))
                    .onItemOrFailure()
                    .invoke((_, failure) -> judge(replica, failure));
            return context == null
                    ? uni.emitOn(Infrastructure.getDefaultExecutor())
                    : uni.emitOn(CallerContext.executor(context));
        });
    }

    /// @param cancelled the call whose time is over
    private static Throwable late(CompletionStage<?> cancelled) {
        var notSent = DynamoClient.notSent(cancelled);
        return notSent == null ? new TimeoutException() : notSent;
    }

    private void judge(Replica replica, Throwable failure) {
        if (DynamoError.areCredentialsRejected(failure)) credentials.rejected();
        switch (failure == null
                ? DynamoError.Sign.LIFE
                : DynamoError.of(failure).sign()) {
            case LIFE -> failover.answered(replica);
            case FAILURE -> failover.failed(replica);
            case NONE -> {
                // Nobody was asked.
            }
        }
    }

    /// Whether a call met a connection that was closed, so that it was certainly not sent: our client says so; the
    /// SDK's found it closed while it prepared it for the request.
    static boolean isStale(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotSentException e) return e.reason() == NotSentException.Reason.STALE;
            var trace = cause.getStackTrace();
            if (cause instanceof IOException
                    && trace.length > 0
                    && trace[0].getMethodName().equals(PREPARES)) return true;
        }
        return false;
    }

    /// @param attempt gets the deadline of all attempts, by [System#nanoTime]
    private <T> Uni<T> guarded(String operation, boolean isIdempotent, LongFunction<Uni<T>> attempt) {
        return Uni.createFrom().deferred(() -> {
            var begun = System.nanoTime();
            var deadline = begun + config.timeout().toNanos();
            retries.called();
            return repeated(attempt.apply(deadline), isIdempotent, deadline, 0, 0)
                    .onTermination()
                    .invoke((_, failure, cancelled) -> timers.ended(operation, outcome(failure, cancelled), begun))
                    .onFailure()
                    .transform(failure -> DynamoError.of(failure).toProblem(failure));
        });
    }

    /// Repeats a call that met a closed connection at once, free of the budget. Repeats other calls if
    /// [DynamoError] says so, after a pause and while [DynamoRetries] allows it; also those that were not
    /// sent, since an outage does not end the sooner.
    ///
    /// @param count of retries so far
    /// @param stale how often the call met a closed connection so far
    private <T> Uni<T> repeated(Uni<T> attempt, boolean isIdempotent, long deadline, int count, int stale) {
        return attempt.onFailure().recoverWithUni(failure -> {
            if (isStale(failure) && stale < STALE_MAX)
                return repeated(attempt, isIdempotent, deadline, count, stale + 1);
            if (!DynamoError.of(failure).isRepeated(isIdempotent))
                return Uni.createFrom().failure(failure);
            var pause = retries.next(count, deadline - System.nanoTime());
            if (pause.isEmpty()) return Uni.createFrom().failure(failure);
            var later = Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .onExecutor(CallerContext.scheduler())
                    .by(Duration.ofNanos(Math.max(1, pause.getAsLong())));
            return CallerContext.resumeOn(later)
                    .chain(() -> repeated(attempt, isIdempotent, deadline, count + 1, stale));
        });
    }

    private static String outcome(Throwable failure, boolean cancelled) {
        if (cancelled) return "cancelled";
        return failure == null ? "ok" : DynamoError.of(failure).outcome();
    }
}
