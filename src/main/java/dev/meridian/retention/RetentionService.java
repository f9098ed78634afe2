package dev.meridian.retention;

import dev.meridian.retention.PersonalData.Subject;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Deletes what has grown old; exports and erases what the store knows of a customer.
@ApplicationScoped
public class RetentionService {
    /// Items of an export at most.
    static final int ITEMS_MAX = 1000;

    private final Pruner pruner;
    private final List<PersonalData> parts;
    private final RetentionConfig config;
    private final String region;

    RetentionService(Pruner pruner, @All List<PersonalData> parts, RetentionConfig config, RegionConfig region) {
        this.pruner = pruner;
        this.parts = parts.stream()
                .sorted(Comparator.comparing(PersonalData::isLast).thenComparing(PersonalData::part))
                .toList();
        this.config = config;
        this.region = region.name();
    }

    /// Deletes what has grown old, all of it, in bounded steps. May run in several processes and Regions at once.
    ///
    /// @param before only what is older; empty: as old as configured for each kind
    /// @param isDryRun whether to count only
    /// @param progress gets the result so far of a kind after each step
    /// @throws ProblemException 503 when a store does not answer; the rest is left to the next run
    public Uni<List<PruneResult>> prune(Optional<Instant> before, boolean isDryRun, Consumer<PruneResult> progress) {
        return pruner.prune(before, isDryRun, progress);
    }

    private Uni<Subject> subject(String customerId) {
        return Uni.join()
                .all(parts.stream().map(part -> part.namesOf(customerId)).toList())
                .andFailFast()
                .map(found -> {
                    var names = new HashSet<String>();
                    names.add(customerId);
                    found.forEach(names::addAll);
                    return new Subject(customerId, names);
                });
    }

    /// What this Region's stores know of a customer.
    ///
    /// @param cursor of the page before
    /// @return one document with [#ITEMS_MAX] items or so, and the cursor of the next if there is more
    /// @throws ProblemException 400 for a cursor that is none, 503 when a store does not answer
    Uni<Page<CustomerData>> export(String customerId, Optional<String> cursor) {
        var start = cursor.map(this::place).orElse(new Place(0, Optional.empty()));
        var found = new LinkedHashMap<String, List<Map<String, Object>>>();
        var at = new Place[] {start};
        var count = new int[1];
        return subject(customerId)
                .chain(subject -> Multi.createBy()
                        .repeating()
                        .uni(() -> parts.get(at[0].part)
                                .export(subject, at[0].after)
                                .invoke(page -> {
                                    if (!page.items().isEmpty())
                                        found.computeIfAbsent(
                                                        parts.get(at[0].part).part(), _ -> new ArrayList<>())
                                                .addAll(page.items());
                                    count[0] += page.items().size();
                                    at[0] = at[0].next(page.next());
                                }))
                        .whilst(_ -> at[0].part < parts.size() && count[0] < ITEMS_MAX)
                        .collect()
                        .last())
                .map(_ -> new Page<>(
                        List.of(new CustomerData(customerId, Instant.now(), region, found)),
                        at[0].part < parts.size() ? Optional.of(at[0].cursor()) : Optional.empty()));
    }

    /// Where an export or an erasure is.
    private record Place(int part, Optional<String> after) {
        Place next(Optional<String> next) {
            return next.isPresent() ? new Place(part, next) : new Place(part + 1, Optional.empty());
        }

        String cursor() {
            return Cursor.encode(Integer.toString(part), after.orElse(""));
        }
    }

    private Place place(String cursor) {
        var fields = Cursor.decode(cursor, 2);
        if (!fields.getFirst().matches("[0-9]{1,3}")) throw Cursor.invalid();
        int part = Integer.parseInt(fields.getFirst());
        if (part >= parts.size()) throw Cursor.invalid();
        return new Place(part, Optional.of(fields.getLast()).filter(after -> !after.isEmpty()));
    }

    /// Erases what this Region's stores know of a customer, for `meridian.retention.erase-budget` at most. May run
    /// any number of times, in several Regions at once.
    ///
    /// @throws ProblemException 503 when a store does not answer; a part may be erased
    Uni<Erasure> erase(String customerId) {
        long end = System.nanoTime() + config.eraseBudget().toNanos();
        var at = new Place[] {new Place(0, Optional.empty())};
        var count = new long[2];
        return subject(customerId)
                .chain(subject -> Multi.createBy()
                        .repeating()
                        .uni(() -> parts.get(at[0].part)
                                .erase(subject, at[0].after)
                                .invoke(page -> {
                                    count[0] += page.erased();
                                    count[1] += page.left();
                                    at[0] = at[0].next(page.next());
                                }))
                        .whilst(_ -> at[0].part < parts.size() && System.nanoTime() < end)
                        .collect()
                        .last())
                .map(_ -> new Erasure(count[0], count[1], at[0].part == parts.size()))
                // Without the customer's id, which would then stay in the log.
                .invoke(erasure -> Log.infof(
                        "customer erased items=%d left=%d complete=%s",
                        erasure.erased(), erasure.left(), erasure.complete()));
    }
}
