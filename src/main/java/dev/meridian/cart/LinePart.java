package dev.meridian.cart;

import java.time.Instant;

/// The item of one Region for one line: what that Region knew of the line when it last edited it.
///
/// @param writer the Region; no other writes the item
/// @param version differs after each write; empty when there is no item
/// @param state what the Region knew; nothing once the item has expired
/// @param expiresAt when it ends
record LinePart(String writer, String version, LineState state, Instant expiresAt) {
    /// The item that a Region has not written yet.
    static LinePart none(String writer) {
        return new LinePart(writer, "", LineState.NOTHING, Instant.EPOCH);
    }
}
