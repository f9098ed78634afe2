package dev.meridian.sql;

import java.time.Instant;

/// A process has learned a new writer epoch. Before it arrived here, the writer that it replaces may have
/// taken writes that the new one lacks.
///
/// @param at when it was set, by the clock of another process
/// @param isFirst whether it is the first that this process has read, so another one may have learned it before
public record WriterNamed(Instant at, boolean isFirst) {}
