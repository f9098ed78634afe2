package dev.meridian.reconcile;

import java.time.Instant;
import java.util.Optional;

/// Which databases to compare, and how to answer.
///
/// @param oldUrl the database that was the writer, `postgresql://host:port/database`
/// @param newUrl the database that is the writer now
/// @param since only orders taken at or after this time, and their lines; products are compared in any case
/// @param format how differences are written
public record ReconcileRequest(String oldUrl, String newUrl, Optional<Instant> since, Format format) {
    /// How differences are written.
    public enum Format {
        /// One array, one difference on each line.
        JSON,
        /// With a header line.
        CSV
    }
}
