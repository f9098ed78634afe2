package dev.meridian.mysfit;

import dev.meridian.async.RequestCoalescer;
import dev.meridian.like.LikeService;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Mysfits: list, filter, read, like, adopt.
@ApplicationScoped
public class MysfitService {
    private static final Comparator<Mysfit> BY_NAME =
            Comparator.comparing(Mysfit::name).thenComparing(Mysfit::mysfitId);

    private final MysfitRepository mysfits;
    private final LikeService likes;
    private final MysfitConfig config;
    private final String region;
    private final Counter adopted;
    private final RecentMysfits known;
    private final RequestCoalescer<String, List<Mysfit>> lists;
    private final RequestCoalescer<String, Mysfit> lookUps;

    MysfitService(
            MysfitRepository mysfits,
            LikeService likes,
            MysfitConfig config,
            RegionConfig region,
            MeterRegistry meters) {
        this.mysfits = mysfits;
        this.likes = likes;
        this.config = config;
        this.region = region.name();
        this.adopted = meters.counter("meridian.adoptions");
        this.known = new RecentMysfits(config.knownMax(), config.knownFor());
        this.lists = new RequestCoalescer<>((_, _) -> readList(), config.waitingMax());
        this.lookUps = new RequestCoalescer<>((id, _) -> known(id), config.waitingMax());
    }

    /// All mysfits with their likes, by name, up to `meridian.mysfit.list-max`; strongly consistent for this Region.
    /// Requests that come while a list is being read share the next read.
    public Uni<List<Mysfit>> list() {
        return lists.join("all");
    }

    private Uni<List<Mysfit>> readList() {
        return mysfits.list(config.listMax()).chain(this::withLikes);
    }

    /// The mysfits with that value, by name, up to `meridian.mysfit.list-max`; eventually consistent.
    ///
    /// @param value not empty; an unknown value finds nothing
    public Uni<List<Mysfit>> list(MysfitFilter filter, String value) {
        return mysfits.list(filter, value, config.listMax()).chain(this::withLikes);
    }

    private Uni<List<Mysfit>> withLikes(List<Mysfit> found) {
        return likes.counts(found.stream().map(Mysfit::mysfitId).toList())
                .map(counts -> found.stream()
                        .map(mysfit -> mysfit.plusLikes(counts.getOrDefault(mysfit.mysfitId(), 0L)))
                        .sorted(BY_NAME)
                        .toList());
    }

    /// One mysfit with its likes; strongly consistent for this Region.
    ///
    /// @throws ProblemException 404 for an unknown id
    public Uni<Mysfit> get(String id) {
        return Uni.combine().all().unis(known(id), likes.count(id)).with(Mysfit::plusLikes);
    }

    /// Adds one like, durable when answered; once for each key, and not idempotent without one. A mysfit
    /// deleted within the last `meridian.mysfit.known-for` may still be liked.
    ///
    /// @param idempotencyKey of the caller
    /// @return how many likes the mysfit has now; empty when the like is stored but could not be counted
    /// @throws ProblemException 404 for an unknown id; 503 when the store does not answer: the like may or
    ///     may not be stored
    public Uni<Optional<Long>> like(String id, Optional<String> idempotencyKey) {
        return likesBefore(id)
                .chain(before -> idempotencyKey
                        .map(key -> likes.like(id, key))
                        .orElseGet(() -> likes.like(id))
                        .map(count -> count.map(n -> n + before)));
    }

    /// The likes in the mysfit's item, read only when it was not read for `meridian.mysfit.known-for`.
    private Uni<Long> likesBefore(String id) {
        return Uni.createFrom().deferred(() -> {
            long now = System.nanoTime();
            var seen = known.likes(id, now);
            if (seen.isPresent()) return Uni.createFrom().item(seen.get());
            return lookUps.join(id).invoke(mysfit -> known.saw(mysfit, now)).map(Mysfit::likes);
        });
    }

    /// Adopts a mysfit, once across all Regions. Who has adopted it may ask again.
    ///
    /// @param adopter who asks, or a key of the request; without one each call is of another adopter
    /// @throws ProblemException 404 for an unknown id, 409 when another has adopted it, 503 while there is
    ///     no SQL writer, or when the item cannot be written: who asks again is told
    public Uni<Void> adopt(String id, Optional<String> adopter) {
        var claim = adopter.map(who -> Ids.derive("adoption", who)).orElseGet(Ids::ulid);
        return mysfits.adoption(id)
                .map(found -> found.orElseThrow(() -> unknown(id)))
                .chain(adoption -> {
                    if (!adoption.isMade()) return claim(id, claim);
                    if (!adoption.claim().equals(Optional.of(claim))) throw alreadyAdopted(id);
                    return Uni.createFrom().voidItem();
                });
    }

    /// The row decides, and only what both stores have is answered: a failover may lose the row, and then it is made
    /// again from the item. When the item cannot be written now, the next attempt to adopt writes it.
    private Uni<Void> claim(String id, String claim) {
        return mysfits.claim(id, region, claim)
                .call(mysfits::flagAdopted)
                .invoke(row -> {
                    if (!row.claim().equals(Optional.of(claim))) throw alreadyAdopted(id);
                    if (!row.isNew()) return;
                    adopted.increment();
                    Log.infof("mysfit adopted mysfitId=%s", id);
                })
                .replaceWithVoid();
    }

    private Uni<Mysfit> known(String id) {
        return mysfits.find(id).map(found -> found.orElseThrow(() -> unknown(id)));
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(MysfitProblem.UNKNOWN_MYSFIT, "No mysfit " + id + ".");
    }

    private static ProblemException alreadyAdopted(String id) {
        return new ProblemException(MysfitProblem.ALREADY_ADOPTED, "Mysfit " + id + " has a home already.");
    }
}
