package dev.meridian.planted;

class UnusedClass {}
