package dev.meridian.web;

import dev.meridian.http.Assets;
import dev.meridian.session.SignIns;
import dev.meridian.shared.RegionConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Data of the layout around every page. Templates call it `inject:frame`.
@Named("frame")
@ApplicationScoped
class Layout {
    private final Assets assets;
    private final RegionConfig region;
    private final SignIns signIns;
    private final String version;

    Layout(
            Assets assets,
            RegionConfig region,
            SignIns signIns,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.assets = assets;
        this.signIns = signIns;
        this.region = region;
        this.version = version;
    }

    /// The Region that answers.
    public String getRegion() {
        return region.name();
    }

    /// Whether people sign in here.
    public boolean isSignInOffered() {
        return signIns.isOffered();
    }

    /// Whether the visitor of the page has signed in.
    public boolean isSignedIn() {
        return signIns.isSignedIn();
    }

    /// The version of the service.
    public String getVersion() {
        return version;
    }

    /// The address of a file under `/assets`, which may be cached forever.
    public String asset(String path) {
        return assets.url(path);
    }
}
