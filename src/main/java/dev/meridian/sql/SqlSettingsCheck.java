package dev.meridian.sql;

import static jakarta.interceptor.Interceptor.Priority.LIBRARY_BEFORE;

import dev.meridian.shared.ModeConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/// Checks at start what the connections to PostgreSQL shall be like, so that an operator reads a sentence, and not
/// failures of connections later.
@ApplicationScoped
class SqlSettingsCheck {
    private final SqlConfig config;
    private final ModeConfig mode;

    SqlSettingsCheck(SqlConfig config, ModeConfig mode) {
        this.config = config;
        this.mode = mode;
    }

    /// Before the first connection.
    void onStart(@Observes @Priority(LIBRARY_BEFORE) StartupEvent start) {
        try {
            config.tls().ca().map(Path::of).ifPresent(Authorities::read);
            urls().forEach(this::check);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage());
        }
        if (mode.mode().isProduction() && urls().anyMatch(this::isPlainByDefault)) {
            Log.warn("connections to PostgreSQL are plain text: set meridian.sql.tls.ca for TLS, or sslmode=disable in"
                    + " the addresses if that is meant");
        }
    }

    private Stream<String> urls() {
        return Stream.of(
                        config.writerUrl().stream(),
                        config.writerCandidates().stream().flatMap(List::stream),
                        config.readerUrl().stream())
                .flatMap(url -> url);
    }

    private void check(String url) {
        var tls = tls(url);
        if (!config.iam()) return;
        var authorities = new Properties();
        config.tls().ca().ifPresent(file -> authorities.setProperty("sslrootcert", file));
        var host = JdbcAddress.of(url, authorities).host();
        IamTokens.check(tls, host, config.username().or(config::ownerUsername), config.iamRegion());
    }

    private boolean isPlainByDefault(String url) {
        return tls(url).mode() == TlsSettings.Mode.NOTHING_SET;
    }

    private TlsSettings tls(String url) {
        return TlsSettings.of(url, config.tls().ca());
    }
}
