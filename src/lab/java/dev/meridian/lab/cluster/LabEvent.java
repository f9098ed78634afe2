package dev.meridian.lab.cluster;

/// An event of the lab.
///
/// @param what one line of text
public record LabEvent(long atMillis, String what) {}
