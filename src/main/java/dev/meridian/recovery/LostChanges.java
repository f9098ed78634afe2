package dev.meridian.recovery;

import dev.meridian.catalog.CatalogRecoveryService;
import dev.meridian.mysfit.AdoptionRecoveryService;
import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// Applies again what a new SQL writer lacks besides orders: changes of products, and adoptions. Each is done
/// once by its key, in whichever processes this runs. Before orders are compared, so that they find their
/// products.
@ApplicationScoped
class LostChanges {
    private final CatalogRecoveryService catalog;
    private final AdoptionRecoveryService adoptions;
    private final RecoveryConfig config;
    private final RecoveryMeters meters;

    LostChanges(
            CatalogRecoveryService catalog,
            AdoptionRecoveryService adoptions,
            RecoveryConfig config,
            RecoveryMeters meters) {
        this.catalog = catalog;
        this.adoptions = adoptions;
        this.config = config;
        this.meters = meters;
    }

    /// A fault here does not keep orders from being compared: it is logged, and the next comparison tries
    /// again.
    ///
    /// @param since compare changes made at or after this time; adoptions of any age are compared
    /// @param isStopped asked now and then: whether to end early
    /// @throws ProblemException 503 when a store does not answer
    Uni<Void> replay(Instant since, BooleanSupplier isStopped) {
        return catalog.replay(since, config.batch(), isStopped)
                .invoke(meters::replayed)
                .chain(changes -> adoptions
                        .restore()
                        .invoke(meters::restored)
                        .invoke(adopted -> Log.infof("other changes compared since=%s %s %s", since, changes, adopted)))
                .replaceWithVoid()
                .onFailure(failure -> !ProblemException.isUnavailable(failure))
                .recoverWithItem(failure -> {
                    Log.error("other changes cannot be compared with the SQL writer", failure);
                    return null;
                });
    }
}
