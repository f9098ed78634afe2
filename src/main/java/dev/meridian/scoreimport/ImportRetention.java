package dev.meridian.scoreimport;

import dev.meridian.retention.Prunable;
import dev.meridian.retention.PrunedPage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/// Forgets the keys of old imports. The scores stay.
@ApplicationScoped
class ImportRetention implements Prunable {
    private final ImportRepository imports;

    ImportRetention(ImportRepository imports) {
        this.imports = imports;
    }

    @Override
    public Kind kind() {
        return Kind.IMPORTS;
    }

    @Override
    public Uni<PrunedPage> prune(Instant before, Optional<String> after, int limit, boolean isDryRun) {
        return imports.page(after, limit).chain(page -> {
            var old = page.items().stream()
                    .filter(begun -> begun.startedAt().isBefore(before))
                    .toList();
            if (isDryRun)
                return Uni.createFrom().item(new PrunedPage(page.items().size(), old.size(), page.next()));
            return Multi.createFrom()
                    .iterable(old)
                    .onItem()
                    .transformToUniAndConcatenate(imports::delete)
                    .collect()
                    .asList()
                    .map(done -> new PrunedPage(
                            page.items().size(),
                            (int) done.stream().filter(isDone -> isDone).count(),
                            page.next()));
        });
    }
}
