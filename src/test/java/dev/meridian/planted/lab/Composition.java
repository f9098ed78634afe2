package dev.meridian.planted.lab;

/// A class of the root that no other package may use.
public class Composition {}
