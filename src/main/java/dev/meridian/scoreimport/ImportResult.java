package dev.meridian.scoreimport;

import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The result of an import.
///
/// @param imported how many rows are stored now
/// @param rejected the lines that are not, in their order; at most `meridian.leaderboard.import-rejected-max`
/// @param rejectedNotListed how many more lines were rejected
/// @param seconds how long it took
@Schema(name = "ScoreImportResult")
public record ImportResult(
        @Schema(examples = "499") int imported,
        List<Rejected> rejected,
        @Schema(examples = "0") int rejectedNotListed,
        @Schema(examples = "0.84") BigDecimal seconds) {
    public ImportResult {
        rejected = List.copyOf(rejected);
    }

    /// A line that was not imported.
    ///
    /// @param line where the row begins in the file; the header is line 1
    /// @param reason what is wrong, as text for people
    @Schema(name = "RejectedLine")
    public record Rejected(
            @Schema(examples = "17") long line,

            @Schema(examples = "country: is not an ISO 3166-1 alpha-2 code")
            String reason) {}
}
