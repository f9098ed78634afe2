package dev.meridian.catalog;

import dev.meridian.retention.Prunable;
import dev.meridian.retention.PrunedPage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/// Forgets the keys of old restocks. The stock stays.
@ApplicationScoped
class StockChangeRetention implements Prunable {
    private final StockChangeRepository changes;

    StockChangeRetention(StockChangeRepository changes) {
        this.changes = changes;
    }

    @Override
    public Kind kind() {
        return Kind.STOCK_CHANGES;
    }

    /// What was deleted is not found again, so each page begins at the start.
    @Override
    public Uni<PrunedPage> prune(Instant before, Optional<String> after, int limit, boolean isDryRun) {
        if (isDryRun) return changes.count(before).map(count -> new PrunedPage(count, count, Optional.empty()));
        return changes.delete(before, limit)
                .map(count -> new PrunedPage(count, count, Optional.of("more").filter(_ -> count == limit)));
    }
}
