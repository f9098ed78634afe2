package dev.meridian.mysfit;

import dev.meridian.mysfit.MysfitRepository.Adoption;
import dev.meridian.mysfit.MysfitRepository.Decision;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// The face of adoptions for `recovery`: makes the rows again that a new SQL writer lacks. May run any number
/// of times, in many processes and Regions at once.
@ApplicationScoped
public class AdoptionRecoveryService {
    private final MysfitRepository mysfits;
    private final MysfitConfig config;
    private final String region;

    AdoptionRecoveryService(MysfitRepository mysfits, MysfitConfig config, RegionConfig region) {
        this.mysfits = mysfits;
        this.config = config;
        this.region = region.name();
    }

    /// What became of the adoptions.
    ///
    /// @param restored rows that the writer lacked, and that this process made again
    /// @param different mysfits that another has adopted on this writer: the row decides, and the item has
    ///     its adopter now
    public record Restored(int restored, int different) {}

    /// Compares the mysfits that are shown as adopted with the SQL writer: one read of the table, at most
    /// `meridian.mysfit.list-max`, and one statement.
    ///
    /// @throws ProblemException 503 when a store does not answer; the call may be repeated
    public Uni<Restored> restore() {
        return mysfits.adoptions(config.listMax()).chain(all -> {
            var flagged = all.stream().filter(Adoption::isMade).toList();
            return flagged.isEmpty()
                    ? Uni.createFrom().item(new Restored(0, 0))
                    : mysfits.restore(flagged, region).chain(this::repair);
        });
    }

    private Uni<Restored> repair(List<Decision> rows) {
        var others = rows.stream().filter(row -> !row.isNew()).toList();
        rows.stream()
                .filter(Decision::isNew)
                .forEach(
                        row -> Log.warnf("adoption was missing on the writer, made again mysfitId=%s", row.mysfitId()));
        return Multi.createFrom()
                .iterable(others)
                .invoke(row -> Log.warnf("adopted by another on the writer mysfitId=%s", row.mysfitId()))
                .onItem()
                .transformToUniAndConcatenate(mysfits::flagAdopted)
                .collect()
                .last()
                .replaceWith(new Restored(rows.size() - others.size(), others.size()));
    }
}
