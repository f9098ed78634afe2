package dev.meridian.catalog;

import dev.meridian.catalog.CatalogWriterRepository.Put;
import dev.meridian.catalog.CatalogWriterRepository.StockChange;
import dev.meridian.shared.Ids;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Makes changes of products: the entry of `catalog-journal` first, then SQL, which decides, then the entry
/// gets what was decided. Only then is the change answered, so that a failover of the SQL writer loses none
/// that was: see [CatalogRecoveryService]. A change that is refused, or whose writer is away, leaves no
/// entry.
@ApplicationScoped
class ProductChanges {
    private final CatalogJournalRepository journal;
    private final CatalogWriterRepository writer;
    private final String region;

    ProductChanges(CatalogJournalRepository journal, CatalogWriterRepository writer, RegionConfig region) {
        this.journal = journal;
        this.writer = writer;
        this.region = region.name();
    }

    /// As [CatalogWriterRepository#put].
    Uni<Optional<SavedProduct>> put(ProductDraft draft, Precondition expected) {
        return Uni.createFrom().deferred(() -> {
            var open = ProductChange.put(draft, Ids.ulid(), region);
            return decided(open, writer.put(draft, open.key(), expected))
                    .call(put -> end(open, put.map(done -> open.decided(done.added(), done.at()))))
                    .map(put -> put.map(Put::saved));
        });
    }

    /// As [CatalogWriterRepository#addStock]. The entry gets what SQL has of the key, also where that is another
    /// change: in a replica that is late, the open entry may have taken the place of that change's.
    Uni<Optional<StockChange>> addStock(String productId, int units, String key, int max, Precondition expected) {
        return Uni.createFrom().deferred(() -> {
            var open = ProductChange.restock(productId, units, key, region);
            return decided(open, writer.addStock(productId, units, key, max, expected))
                    .call(change -> end(
                            open,
                            change.filter(StockChange::done)
                                    .map(made -> open.decided(made.addedBefore().orElse(units), made.at()))));
        });
    }

    private <T> Uni<T> decided(ProductChange open, Uni<T> statement) {
        return journal.open(open).chain(() -> statement.onFailure().call(() -> withdraw(open)));
    }

    private Uni<Void> end(ProductChange open, Optional<ProductChange> decided) {
        return decided.map(journal::close).orElseGet(() -> withdraw(open));
    }

    /// An entry that cannot be removed now is removed by [CatalogRecoveryService]; it is never carried out.
    private Uni<Void> withdraw(ProductChange open) {
        return journal.remove(open).onFailure().recoverWithItem(failure -> {
            Log.debugf("entry stays open productId=%s: %s", open.productId(), failure.getMessage());
            return null;
        });
    }
}
