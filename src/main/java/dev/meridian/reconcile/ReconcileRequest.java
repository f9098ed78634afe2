package dev.meridian.reconcile;

import java.time.Instant;
import java.util.Optional;

/// The databases to compare and the output format.
///
/// @param oldUrl the database that was the writer, `postgresql://host:port/database`
/// @param newUrl the database that is the writer now
/// @param since only orders taken at or after this time, and their lines; products are compared in any case
/// @param format the output format
/// @param iam whether IAM tokens are the passwords
public record ReconcileRequest(String oldUrl, String newUrl, Optional<Instant> since, Format format, boolean iam) {
    /// The output format.
    public enum Format {
        /// One array, one difference on each line.
        JSON,
        /// With a header line.
        CSV
    }
}
