package dev.meridian.planted;

class ShortcutRepository {}
