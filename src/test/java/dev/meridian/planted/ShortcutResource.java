package dev.meridian.planted;

class ShortcutResource {
    ShortcutRepository repository;
}
