package dev.meridian.lab;

/// Something that happened.
///
/// @param what one line for people
record LabEvent(long atMillis, String what) {}
