package dev.meridian.shared;

import dev.meridian.shared.DynamoReplicas.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The bridge to DynamoDB: every call of every repository goes through it, to the local Region's replica, or to the
/// fallback's while the local one fails ([DynamoRoutes]; off unless configured).
///
/// A call is lazy, bounded by `meridian.dynamo.timeout`, counted (`meridian.store.calls`, `meridian.dynamo.calls`), and
/// resumes on the caller's event loop. A failed condition passes through as [ConditionalCheckFailedException]; a store
/// that does not answer, throttles or lacks the table becomes a 503 problem.
@ApplicationScoped
public class Dynamo {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final DynamoRoutes routes;
    private final StoreConfig config;
    private final MeterRegistry meters;

    Dynamo(DynamoRoutes routes, StoreConfig config, MeterRegistry meters) {
        this.routes = routes;
        this.config = config;
        this.meters = meters;
    }

    /// The full name of a table.
    public String name(Table table) {
        return config.tables().prefix() + table.baseName();
    }

    /// The fallback Region while calls go to its replica; empty while they go to this Region's. For writes that must
    /// not
    /// meet those of this Region's own replica: they name other items then, and go where this said, whatever has
    /// changed since.
    public Optional<String> via() {
        return routes.via();
    }

    /// A call that may safely run twice: a read, or a write of absolute state. Tried once more, within the same
    /// timeout, when the store did not answer in time, throttled or failed.
    ///
    /// @param operation for metrics: the use case in kebab case, `cart-list`
    public <T> Uni<T> idempotent(String operation, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return idempotent(operation, routes::current, call);
    }

    /// The same, on the replica that [#via] told.
    public <T> Uni<T> idempotent(
            String operation, Optional<String> via, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return idempotent(operation, () -> routes.route(via), call);
    }

    private <T> Uni<T> idempotent(
            String operation, Supplier<Route> route, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        var attempt = attempt(route, call, config.dynamo().attemptTimeout());
        return guarded(operation, attempt.onFailure(Dynamo::isTransient).retry().atMost(1));
    }

    /// A call that must run at most once, such as an `ADD`: never repeated, neither here nor on another replica. When
    /// its answer is lost the outcome is unknown to the client too.
    ///
    /// @param operation for metrics: the use case in kebab case, `cart-add`
    public <T> Uni<T> once(String operation, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return guarded(operation, attempt(routes::current, call, config.dynamo().timeout()));
    }

    /// The same, on the replica that [#via] told.
    public <T> Uni<T> once(
            String operation, Optional<String> via, Function<DynamoDbAsyncClient, CompletionStage<T>> call) {
        return guarded(
                operation,
                attempt(() -> routes.route(via), call, config.dynamo().timeout()));
    }

    private <T> Uni<T> attempt(
            Supplier<Route> where, Function<DynamoDbAsyncClient, CompletionStage<T>> call, Duration timeout) {
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            var route = where.get();
            meters.counter("meridian.dynamo.calls", "target", route.region()).increment();
            var uni = Uni.createFrom()
                    .completionStage(() -> call.apply(route.client()))
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onItemOrFailure()
                    .invoke((_, failure) -> {
                        if (isFault(failure)) routes.failed(route);
                        else routes.answered(route);
                    });
            return context == null ? uni : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
    }

    /// Whether the store itself failed. One that throttles or refuses is there.
    private static boolean isFault(Throwable failure) {
        return switch (failure) {
            case TimeoutException _ -> true;
            case DynamoDbException e -> e.statusCode() >= SERVER_ERROR;
            case SdkClientException _ -> true;
            case null, default -> false;
        };
    }

    private <T> Uni<T> guarded(String operation, Uni<T> call) {
        return Uni.createFrom().deferred(() -> {
            var start = Timer.start(meters);
            return call.ifNoItem()
                    .after(config.dynamo().timeout())
                    .fail()
                    .onTermination()
                    .invoke((_, failure, cancelled) -> start.stop(meters.timer(
                            "meridian.store.calls",
                            "store",
                            "dynamodb",
                            "operation",
                            operation,
                            "outcome",
                            outcome(failure, cancelled))))
                    .onFailure(failure -> !isAnswer(failure))
                    .transform(Dynamo::toProblem);
        });
    }

    private static String outcome(Throwable failure, boolean cancelled) {
        if (cancelled) return "cancelled";
        if (failure == null) return "ok";
        return isAnswer(failure) ? "condition-failed" : "failed";
    }

    /// Conditions that failed are answers, not faults.
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
