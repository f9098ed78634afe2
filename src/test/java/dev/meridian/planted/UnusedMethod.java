package dev.meridian.planted;

/// Has an entry method, a method that it calls, and a method that only an unused method calls.
class UnusedMethod {
    public static void main(String... args) {
        new UnusedMethod().used();
    }

    void used() {}

    void unused() {
        onlyFromUnused();
    }

    void onlyFromUnused() {}
}
