package dev.meridian.region;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Which candidate is the SQL writer, as an administrator has named it. No process writes to any other.
///
/// @param epoch its number; each change has a higher one
/// @param writer host and port as configured
/// @param changedAt when it was set
@Schema(name = "WriterEpoch")
public record WriterEpoch(
        @Schema(examples = "7") long epoch,

        @Schema(examples = "meridian.cluster-EXAMPLE.us-east-1.rds.amazonaws.com:5432")
        String writer,

        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant changedAt) {

    boolean isSame(long number, String name) {
        return epoch == number && writer.equalsIgnoreCase(name);
    }
}
