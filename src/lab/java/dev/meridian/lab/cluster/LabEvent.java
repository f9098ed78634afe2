package dev.meridian.lab.cluster;

/// Something that happened.
///
/// @param what one line for people
public record LabEvent(long atMillis, String what) {}
