package dev.meridian.sql;

import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;

/// How the connections to one server are encrypted, and what of its certificate is checked.
///
/// @param mode what is checked
/// @param ca the certificates of the authorities, PEM; empty only without TLS
public record TlsSettings(Mode mode, Optional<Path> ca) {
    private static final String PARAMETER = "sslmode=";

    /// The modes of PostgreSQL's own clients that promise something: `prefer` and `allow` go on in plain text
    /// when the server, or somebody between, wants that.
    public enum Mode {
        /// Plain text, since nothing is configured.
        NOTHING_SET,
        /// Plain text, as configured.
        DISABLE,
        /// The certificate's chain: `require` and `verify-ca`.
        VERIFY_CA,
        /// The chain, and that the certificate is for the name that was asked for: `verify-full`.
        VERIFY_FULL
    }

    /// What an address and a bundle of certificates ask for: `sslmode` of the address, else
    /// [Mode#VERIFY_FULL] when there is a bundle, else plain text.
    ///
    /// @param url `postgresql://host:port/database?sslmode=…`
    /// @param ca a PEM file
    /// @throws IllegalArgumentException when it cannot be kept; the message is a sentence that does not contain
    ///     the URL
    public static TlsSettings of(String url, Optional<String> ca) {
        var bundle = ca.map(Path::of);
        var given = parameter(url);
        var mode = given.map(TlsSettings::mode).orElse(bundle.isEmpty() ? Mode.NOTHING_SET : Mode.VERIFY_FULL);
        var settings = new TlsSettings(mode, bundle);
        if (!settings.isEncrypted()) return settings;
        if (bundle.isEmpty()) {
            throw new IllegalArgumentException("sslmode=" + given.orElseThrow()
                    + " needs a PEM file with the certificates of the authorities:"
                    + " set meridian.sql.tls.ca (for the command reconcile PGSSLROOTCERT).");
        }
        return settings;
    }

    private static Optional<String> parameter(String url) {
        return Arrays.stream(url.substring(url.indexOf('?') + 1).split("[&#]"))
                .filter(pair -> pair.startsWith(PARAMETER))
                .map(pair -> pair.substring(PARAMETER.length()))
                .findFirst();
    }

    private static Mode mode(String sslmode) {
        return switch (sslmode) {
            case "disable" -> Mode.DISABLE;
            case "require", "verify-ca" -> Mode.VERIFY_CA;
            case "verify-full" -> Mode.VERIFY_FULL;
            case "prefer", "allow" ->
                throw new IllegalArgumentException("sslmode=" + sslmode
                        + " is refused, since it may go on in plain text without a word: use verify-full, or disable.");
            default -> throw new IllegalArgumentException("There is no sslmode=" + sslmode + ": use verify-full.");
        };
    }

    /// Whether there is TLS at all.
    public boolean isEncrypted() {
        return mode == Mode.VERIFY_CA || mode == Mode.VERIFY_FULL;
    }

    /// Sets it on the properties of the JDBC driver.
    public void applyTo(Properties jdbc) {
        jdbc.setProperty("sslmode", sslMode().value);
        ca.ifPresent(file -> jdbc.setProperty("sslrootcert", file.toString()));
    }

    /// Sets it on the options of the reactive client.
    ///
    /// @param authorities those of the file; unused without TLS
    void applyTo(PgConnectOptions options, Authorities authorities) {
        options.setSslMode(sslMode());
        if (!isEncrypted()) return;
        options.setTrustOptions(TrustOptions.wrap(authorities));
        // How a name is compared (RFC 2818, section 3.1); empty: not at all.
        options.setHostnameVerificationAlgorithm(mode == Mode.VERIFY_FULL ? "HTTPS" : "");
    }

    SslMode sslMode() {
        return switch (mode) {
            case NOTHING_SET, DISABLE -> SslMode.DISABLE;
            case VERIFY_CA -> SslMode.VERIFY_CA;
            case VERIFY_FULL -> SslMode.VERIFY_FULL;
        };
    }
}
