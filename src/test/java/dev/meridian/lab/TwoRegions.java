package dev.meridian.lab;

import java.net.URI;
import java.util.List;

/// The lab itself: two Regions, what replicates between them, the router and the clients.
final class TwoRegions implements Lab {
    static TwoRegions start(LabOptions options) {
        throw new UnsupportedOperationException("not built yet: " + options);
    }

    @Override
    public String artifact() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> regions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public URI router() {
        throw new UnsupportedOperationException();
    }

    @Override
    public URI service(String region) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LabState state() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void inject(Fault fault, String region) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void heal() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void startLoad() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stopLoad() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Verdict check() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
