package dev.meridian.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate authority and a server's certificate that it signed, as PEM files. They are valid for a few days.
///
/// The JDK reads certificates but makes none, so the few fields of RFC 5280 that clients check are encoded here.
///
/// @param ca the certificate of the authority, for clients
/// @param certificate the server's certificate
/// @param key the server's private key; only its owner may read the file
public record TestCertificates(Path ca, Path certificate, Path key) {
    /// Of [#trustStore].
    public static final String TRUST_STORE_PASSWORD = "only for this test";

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTETS = 0x04;
    private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, oid("2a8648ce3d040302"));
    private static final byte[] TRUE = der(0x01, new byte[] {-1});
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /// Makes `ca.pem`, `server.crt` and `server.key`, for `localhost` and `127.0.0.1`.
    ///
    /// @param folder is made if it does not exist
    public static TestCertificates create(Path folder) throws IOException {
        return create(folder, "localhost", "127.0.0.1");
    }

    /// Makes the same files for a server with other names or addresses.
    public static TestCertificates create(Path folder, String... names) throws IOException {
        return create(folder, Instant.now().plus(30, ChronoUnit.DAYS), names);
    }

    /// Makes the same files; the certificates have expired an hour ago.
    public static TestCertificates expired(Path folder) throws IOException {
        return create(folder, Instant.now().minus(1, ChronoUnit.HOURS), "localhost", "127.0.0.1");
    }

    private static TestCertificates create(Path folder, Instant until, String... names) throws IOException {
        Files.createDirectories(folder);
        try {
            var authority = keyPair();
            var server = keyPair();
            var name = name("Meridian test CA " + UUID.randomUUID());
            var files = new TestCertificates(
                    folder.resolve("ca.pem"), folder.resolve("server.crt"), folder.resolve("server.key"));
            write(
                    files.ca,
                    "CERTIFICATE",
                    certificate(name, name, authority, authority.getPrivate(), authority(), until, 1));
            write(
                    files.certificate,
                    "CERTIFICATE",
                    certificate(name, name(names[0]), server, authority.getPrivate(), server(names), until, 2));
            Files.deleteIfExists(files.key);
            Files.createFile(
                    files.key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            write(files.key, "PRIVATE KEY", server.getPrivate().getEncoded());
            return files;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a server in Java needs to show the certificate.
    public SSLContext serverContext() throws IOException, GeneralSecurityException {
        var pem = Files.readString(key).replaceAll("-----[A-Z ]+-----|\\s", "");
        var secret = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = Files.newInputStream(certificate)) {
            var shown = CertificateFactory.getInstance("X.509").generateCertificate(file);
            store.setKeyEntry("server", secret, new char[0], new Certificate[] {shown});
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /// A key store with the authority, which a JVM trusts by `javax.net.ssl.trustStore`; a file beside the others.
    public Path trustStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var file = Files.newInputStream(ca)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var path = ca.resolveSibling("trust.p12");
        try (var file = Files.newOutputStream(path)) {
            store.store(file, TRUST_STORE_PASSWORD.toCharArray());
        }
        return path;
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /// An X.509 certificate, version 3.
    private static byte[] certificate(
            byte[] issuer,
            byte[] subject,
            KeyPair keys,
            PrivateKey signer,
            byte[] extensions,
            Instant until,
            int serial)
            throws GeneralSecurityException {
        var now = Instant.now();
        var validity = der(SEQUENCE, time(now.minus(1, ChronoUnit.DAYS)), time(until));
        var version = der(0xa0, der(0x02, new byte[] {2}));
        var number =
                der(0x02, BigInteger.valueOf(now.toEpochMilli() * 2 + serial).toByteArray());
        var content = der(
                SEQUENCE,
                version,
                number,
                ECDSA_WITH_SHA256,
                issuer,
                validity,
                subject,
                keys.getPublic().getEncoded(),
                der(0xa3, extensions));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer);
        signature.update(content);
        return der(SEQUENCE, content, ECDSA_WITH_SHA256, der(0x03, new byte[1], signature.sign()));
    }

    /// Critical: this is an authority (basic constraints).
    private static byte[] authority() {
        return der(SEQUENCE, der(SEQUENCE, oid("551d13"), TRUE, der(OCTETS, der(SEQUENCE, TRUE))));
    }

    /// The names of a server (subject alternative name).
    private static byte[] server(String... names) throws IOException {
        var all = new ArrayList<byte[]>();
        for (var name : names) {
            all.add(
                    name.matches("[0-9.]+|[0-9a-f]*:[0-9a-f:]*")
                            ? der(0x87, InetAddress.getByName(name).getAddress())
                            : der(0x82, name.getBytes(StandardCharsets.US_ASCII)));
        }
        return der(SEQUENCE, der(SEQUENCE, oid("551d11"), der(OCTETS, der(SEQUENCE, all.toArray(byte[][]::new)))));
    }

    private static byte[] name(String common) {
        var text = der(0x0c, common.getBytes(StandardCharsets.UTF_8));
        return der(SEQUENCE, der(SET, der(SEQUENCE, oid("550403"), text)));
    }

    private static byte[] time(Instant at) {
        return der(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(String hex) {
        return der(0x06, HexFormat.of().parseHex(hex));
    }

    /// One value in the distinguished encoding rules of ASN.1: its tag, its length, its content.
    private static byte[] der(int tag, byte[]... content) {
        var length = List.of(content).stream().mapToInt(part -> part.length).sum();
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            var digits = BigInteger.valueOf(length).toByteArray();
            int zeros = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | digits.length - zeros);
            out.write(digits, zeros, digits.length - zeros);
        }
        for (var part : content) out.writeBytes(part);
        return out.toByteArray();
    }

    private static void write(Path file, String what, byte[] content) throws IOException {
        var text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
