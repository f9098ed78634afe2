package dev.meridian.region;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Whether a Region takes traffic, as an administrator wants it.
///
/// @param region the Region
/// @param state what is wanted; a Region that nobody ever drained is in no list
/// @param changedAt when it was asked for last
@Schema(name = "RegionSwitch")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrainState(
        @Schema(examples = "eu-west-1") String region,
        State state,
        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant changedAt) {

    /// What an administrator wants of a Region.
    @Schema(name = "RegionState")
    public enum State {
        /// It takes traffic when it is healthy.
        ACTIVE,
        /// Its health answers 503, so that traffic goes elsewhere; what still comes is served.
        DRAINED
    }
}
