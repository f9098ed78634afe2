package dev.meridian.aws;

import dev.meridian.async.RepeatingTask;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/// The AWS credentials of this process, in memory. A call takes the present ones and never waits.
///
/// They are asked for at start and renewed in the background, on a worker thread: after at most half of
/// their time, at least each hour, and soon after a service refuses them ([#rejected]). While the source does
/// not answer, or refuses, the old ones stay in use, also when their time is over: whether they still work is
/// for the service to say. Without any, calls fail with [NoCredentialsException].
@Singleton
public class HeldCredentials implements AwsCredentialsProvider {
    private static final Duration RENEWED_WITHIN = Duration.ofHours(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_REJECTIONS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);
    private static final Duration AT_THE_END = Duration.ofMillis(100);

    private final AwsConfig config;
    private final CredentialSource source;
    private final Consumer<String> log;
    private final RepeatingTask renewal;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final long begun = System.nanoTime();
    private final AtomicLong rejected = new AtomicLong(begun - BETWEEN_REJECTIONS.toNanos());

    private volatile AwsCredentials held;

    // Written by the one step that runs.
    private volatile CompletableFuture<AwsCredentials> question;
    private volatile int failures;
    private long warned = begun - BETWEEN_WARNINGS.toNanos();

    @Inject
    HeldCredentials(Vertx vertx, AwsConfig config, ConfiguredKeys keys, RegionConfig region) {
        this(vertx, config, new CredentialSource(keys.find(), Optional.of(region.name())), Log::warn);
    }

    /// @param log takes the warnings
    HeldCredentials(Vertx vertx, AwsConfig config, CredentialSource source, Consumer<String> log) {
        this.config = config;
        this.source = source;
        this.log = log;
        this.renewal = new RepeatingTask(vertx, "aws-credentials", this::renew);
        this.held = source.given().orElse(null);
        if (held == null && config.enabled()) renewal.wakeWithin(Duration.ZERO);
    }

    /// Before anything asks a store: usually they come within milliseconds, and no call at start fails for want
    /// of them.
    void onStart(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent start)
            throws InterruptedException {
        if (held == null && config.enabled()) answered.await(config.startWait().toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void close() {
        renewal.stop(AT_THE_END);
    }

    /// The present credentials, the same object until they change.
    ///
    /// @throws NoCredentialsException when there are none yet
    @Override
    public AwsCredentials resolveCredentials() {
        var present = held;
        if (present == null) throw new NoCredentialsException();
        return present;
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        var present = held;
        return present == null
                ? CompletableFuture.failedFuture(new NoCredentialsException())
                : CompletableFuture.completedFuture(present);
    }

    /// A service refused the present credentials: expired, unknown, wrong signature. They are renewed soon,
    /// at most once every few seconds.
    public void rejected() {
        // They are asked for already, or their source is given time.
        if (question != null || failures > 0) return;
        if (!config.enabled()) return;
        long now = System.nanoTime();
        long last = rejected.get();
        if (now - last < BETWEEN_REJECTIONS.toNanos() || !rejected.compareAndSet(last, now)) return;
        // Not all tasks at once: they may have been refused together.
        renewal.wakeWithin(RepeatingTask.jitter(FIRST_PAUSE));
    }

    /// Whether there are credentials, or it is time to go on without.
    boolean isReady() {
        return held != null || System.nanoTime() - begun >= config.readyWithin().toNanos();
    }

    /// An answer that comes too late is taken by the next step: there is never more than one question.
    private Uni<Duration> renew() {
        if (question == null) {
            question = CompletableFuture.supplyAsync(source::resolveCredentials, Infrastructure.getDefaultWorkerPool());
        }
        return Uni.createFrom()
                .completionStage(question.copy())
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onItem()
                .transform(this::taken)
                .onFailure()
                .recoverWithUni(failure -> Uni.createFrom().item(() -> failed(failure)))
                .onTermination()
                .invoke(answered::countDown);
    }

    /// @return the pause before the next question
    private Duration taken(AwsCredentials now) {
        question = null;
        var left = left(now);
        // A stale answer takes nothing away that still works.
        if (!now.equals(held)
                && (left.isPositive() || held == null || !left(held).isPositive())) held = now;
        if (!left.isPositive()) {
            warn("their source gives credentials whose time is over");
            return pause();
        }
        failures = 0;
        var most = Collections.min(List.of(left.dividedBy(2), RENEWED_WITHIN));
        return Collections.max(List.of(most.minus(RepeatingTask.jitter(most.dividedBy(5))), FIRST_PAUSE));
    }

    private static Duration left(AwsCredentials credentials) {
        return credentials
                .expirationTime()
                .map(end -> Duration.between(Instant.now(), end))
                .orElse(RENEWED_WITHIN);
    }

    private Duration failed(Throwable failure) {
        if (!(failure instanceof TimeoutException)) question = null;
        warn(Reason.of(failure));
        return pause();
    }

    private Duration pause() {
        var most = RepeatingTask.backoff(FIRST_PAUSE, LONGEST_PAUSE, failures);
        failures = failures + 1;
        return most.minus(RepeatingTask.jitter(most.dividedBy(2)));
    }

    /// Once a minute, also without requests.
    private void warn(String reason) {
        long now = System.nanoTime();
        if (now - warned < BETWEEN_WARNINGS.toNanos()) return;
        warned = now;
        log.accept((held == null ? "there are no AWS credentials: " : "AWS credentials are not renewed: ") + reason);
    }
}
