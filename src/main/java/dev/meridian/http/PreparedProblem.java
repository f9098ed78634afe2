package dev.meridian.http;

import dev.meridian.shared.ProblemCode;

/// A problem that is answered often, and so must cost little: its JSON is made once. Only the trace is another each
/// time.
///
/// @param detail every occurrence, for people
/// @param beforeTrace its JSON up to the trace id
/// @param afterTrace the rest
public record PreparedProblem(ProblemCode code, String detail, String beforeTrace, String afterTrace) {}
