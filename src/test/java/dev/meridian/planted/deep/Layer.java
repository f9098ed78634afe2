package dev.meridian.planted.deep;

class Layer {}
