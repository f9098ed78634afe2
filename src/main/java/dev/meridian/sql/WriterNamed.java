package dev.meridian.sql;

import java.time.Instant;

/// A process that runs has learned a new writer epoch. Before it arrived here, the writer that it replaces may have
/// taken writes that the new one lacks.
///
/// @param at when it was set, by the clock of another process
public record WriterNamed(Instant at) {}
