package dev.meridian.sql;

import io.quarkus.logging.Log;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// The authorities whose certificates the pools trust; no others. All connections share it, since a bundle
/// may hold a hundred of them.
///
/// Says why a server is not trusted, once a minute: the client of Vert.x only tells that a handshake has failed.
final class Authorities extends X509ExtendedTrustManager {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final X509ExtendedTrustManager trusted;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    private Authorities(X509ExtendedTrustManager trusted) {
        this.trusted = trusted;
    }

    /// @param file PEM
    /// @throws IllegalArgumentException when it cannot be read or holds no certificate; the message is a sentence
    static Authorities read(Path file) {
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            if (store.size() == 0) throw new CertificateException("it holds no certificate");
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return new Authorities((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The certificates of the authorities cannot be read from meridian.sql.tls.ca=" + file + ": " + e,
                    e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            trusted.checkServerTrusted(chain, type, engine);
        } catch (CertificateException e) {
            long quiet = quietUntil.get();
            long now = System.nanoTime();
            if (now >= quiet && quietUntil.compareAndSet(quiet, now + PAUSE)) {
                Log.warnf(
                        "PostgreSQL is not trusted host=%s certificate=%s: %s",
                        engine.getPeerHost(), chain[0].getSubjectX500Principal(), e.getMessage());
            }
            throw e;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trusted.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trusted.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trusted.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trusted.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trusted.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted.getAcceptedIssuers();
    }
}
