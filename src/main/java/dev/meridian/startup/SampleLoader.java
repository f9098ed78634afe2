package dev.meridian.startup;

import io.smallrye.mutiny.Uni;

/// Loads a feature's sample data. Implementations are idempotent: loading twice, or in two Regions at the same
/// time, has the effect of loading once, and never overwrites later changes.
public interface SampleLoader {
    /// What is loaded, for the log: `mysfits`.
    String what();

    /// Loads what is missing.
    ///
    /// @return how many items were new
    Uni<Integer> load();
}
