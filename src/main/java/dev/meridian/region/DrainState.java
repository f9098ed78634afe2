package dev.meridian.region;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The drain state of a Region, set by an administrator.
///
/// @param region the Region
/// @param state the state; a Region without one is active
/// @param changedAt when an administrator set it last
@Schema(name = "RegionSwitch")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrainState(
        @Schema(examples = "eu-west-1") String region,
        State state,
        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant changedAt) {

    /// Active or drained.
    @Schema(name = "RegionState")
    public enum State {
        /// It takes traffic when it is healthy.
        ACTIVE,
        /// Its health answers 503, so that traffic goes elsewhere; requests that still arrive are served.
        DRAINED
    }
}
