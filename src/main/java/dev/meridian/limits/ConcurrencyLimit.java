package dev.meridian.limits;

import dev.meridian.limits.UnloadedTimes.Learning;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// How many requests may be under way at once: as many as the process and its stores answer in not much more than
/// the unloaded time ([UnloadedTimes]). Thread-safe; an answer holds a lock for some steps of arithmetic.
///
/// It looks back at windows of a tenth of a second, or longer: as long as an answer takes, until there are 16
/// answers, and two seconds at most.
///
/// - **Fall.** After 0.8 seconds of windows in which answers took too long, or tasks waited too long for the event
///   loop, and again after each 0.2 more, the limit becomes what was under way, times the slowdown that is allowed,
///   by the one that was measured.
/// - **Rise.** After any other window it grows by an eighth, by a quarter when answers are nearly as fast as ever, and
///   twofold when hardly anything was under way.
/// - **Look again.** While requests are refused, after every hundred windows it is quartered for four. What answers
///   take then corrects unloaded times that were learned under load, or that have become wrong since.
/// - **Floor.** Answers that are slow at the lowest limit are slow by nature: it stays for 48 of them, which become
///   the usual ones.
final class ConcurrencyLimit {
    private static final long WINDOW_MIN = Duration.ofMillis(100).toNanos();
    private static final long WINDOW_MAX = Duration.ofSeconds(2).toNanos();
    private static final int ANSWERS = 16;
    private static final long SLOW_AT_FIRST = Duration.ofMillis(800).toNanos();
    private static final long SLOW_AGAIN = Duration.ofMillis(200).toNanos();
    private static final int NATURE_ANSWERS = 48;
    private static final int CALM = 130;
    private static final int LOOKS_EVERY = 100;
    private static final int LOOK = 4;
    private static final int LOOK_SHARE = 4;
    private static final int LOOK_MIN = 3;
    /// The lowest class has half of the limit, so twice as much as is under way limits it to just that.
    private static final int LOWEST_SHARE = 2;

    private final Bounds bounds;
    private final LongSupplier clock;
    private final UnloadedTimes times = new UnloadedTimes();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile int limit;
    private volatile boolean isLimited;
    private volatile int slowdown = 100;

    private long windowBegun;
    private int answers;
    private long nanosSum;
    private long underWaySum;
    private int peak;
    private long loopDelays;
    private int loopProbes;
    private int target;
    private long slowFor;
    private int slowAnswers;
    private int natureAnswers;
    private int limitedWindows;
    private int look;

    /// @param min the lowest limit, 2 or more
    /// @param max the highest one, where it begins
    /// @param slowdownMax percent of the unloaded time, more than 100
    record Bounds(int min, int max, int slowdownMax, Duration loopDelayMax) {
        Bounds {
            if (min > max) throw new IllegalArgumentException("limit-min " + min + " is above limit-max " + max);
        }
    }

    /// @param clock nanoseconds since any moment, as `System::nanoTime`
    ConcurrencyLimit(Bounds bounds, LongSupplier clock) {
        this.bounds = bounds;
        this.clock = clock;
        this.windowBegun = clock.getAsLong();
        this.target = bounds.max;
        this.limit = bounds.max;
    }

    /// Whether a request may begin now.
    boolean admits(Priority priority) {
        if (underWay.get() < priority.share(limit)) return true;
        if (!isLimited) isLimited = true;
        return false;
    }

    /// A request is under way.
    void begin() {
        underWay.incrementAndGet();
    }

    /// It is not under way any more, or waits for what has an admission control of its own. Tells nothing of its time.
    void leave() {
        underWay.decrementAndGet();
    }

    /// A request was answered, before it [leaves][#leave].
    ///
    /// @param kind 0 to 63, so that requests that usually take the same time are compared
    /// @param isFailure whether it failed by a fault of ours or of a store
    synchronized void answered(int kind, long nanos, boolean isFailure) {
        int now = underWay.get();
        times.add(kind, nanos, isFailure);
        answers++;
        underWaySum += now;
        peak = Math.max(peak, now);
        long window = clock.getAsLong() - windowBegun;
        nanosSum += Math.min(nanos, WINDOW_MAX);
        // Shorter than an answer takes, it would have the quick ones alone while the limit rises.
        long enough = Math.max(WINDOW_MIN, nanosSum / answers);
        if (window >= WINDOW_MAX || window >= enough && answers >= ANSWERS) endWindow(window);
    }

    /// How long a task waited for the event loop.
    synchronized void loopDelayed(long nanos) {
        loopDelays += nanos;
        loopProbes++;
    }

    int limit() {
        return limit;
    }

    int underWay() {
        return underWay.get();
    }

    /// How long answers took lately, percent of the unloaded time.
    int slowdown() {
        return slowdown;
    }

    private void endWindow(long length) {
        boolean wasLimited = isLimited;
        boolean isQuiet = peak * LOWEST_SHARE < bounds.min;
        slowdown = times.slowdown();
        int measured = Math.max(slowdown, loopSlowdown());
        boolean isSlow = !isQuiet && measured > bounds.slowdownMax;
        boolean isSlowAtFloor = isSlow && target == bounds.min && slowdown > bounds.slowdownMax;
        if (isSlowAtFloor && natureAnswers <= 0 && look == 0) natureAnswers = NATURE_ANSWERS;
        times.learn(learning(wasLimited, isSlow));
        if (look > 0) endLook();
        else if (natureAnswers > 0) natureAnswers -= answers;
        else if (isSlow) fall(measured, wasLimited, length);
        else rise(isQuiet);
        if (wasLimited && natureAnswers <= 0 && ++limitedWindows % LOOKS_EVERY == 0) look = LOOK;
        limit = look > 0 ? Math.max(LOOK_MIN, target / LOOK_SHARE) : target;
        windowBegun += length;
        answers = 0;
        nanosSum = 0;
        underWaySum = 0;
        peak = 0;
        loopDelays = 0;
        loopProbes = 0;
        isLimited = false;
    }

    private Learning learning(boolean wasLimited, boolean isSlow) {
        if (look > 0 && look < LOOK) return Learning.LOOK;
        if (natureAnswers > 0 && look == 0) return Learning.SLOW_BY_NATURE;
        return wasLimited || isSlow ? Learning.LOADED : Learning.QUIET;
    }

    /// The first window of a look still has answers of the time before.
    private void endLook() {
        if (look-- == LOOK) times.forget();
    }

    private void fall(int measured, boolean wasLimited, long length) {
        int average = (int) (underWaySum / answers);
        // What began before the last fall is still on its way.
        if (average > target) return;
        slowFor += length;
        slowAnswers += answers;
        if (slowFor < SLOW_AT_FIRST || slowAnswers < 2 * ANSWERS) return;
        slowFor = SLOW_AT_FIRST - SLOW_AGAIN;
        slowAnswers = ANSWERS;
        int had = wasLimited ? target : Math.min(target, LOWEST_SHARE * average);
        target = Math.max(bounds.min, (int) ((long) had * bounds.slowdownMax / measured));
    }

    private void rise(boolean isQuiet) {
        slowFor = 0;
        slowAnswers = 0;
        target = Math.min(bounds.max, target + (isQuiet ? target : Math.max(1, target / (slowdown < CALM ? 4 : 8))));
    }

    /// The waits for the event loop as a slowdown: what is allowed counts as all that is allowed.
    private int loopSlowdown() {
        if (loopProbes == 0) return 0;
        long delay = loopDelays / loopProbes;
        return (int) Math.min(4L * bounds.slowdownMax, delay * bounds.slowdownMax / bounds.loopDelayMax.toNanos());
    }
}
