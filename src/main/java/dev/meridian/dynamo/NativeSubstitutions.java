package dev.meridian.dynamo;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.CipherSuiteFilter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextOption;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.checksums.SdkChecksum;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;

/// What the native build leaves out of the SDK and its HTTP client: code for libraries in C that are not here, on which
/// the build would fail. Quarkus and its extension have such substitutions, for older versions of both
/// ([docs/adr/0010](../../../../../../docs/adr/0010-long-term-line.md)).
final class NativeSubstitutions {
    private NativeSubstitutions() {}

    /// Netty has one more form of this method since 4.1.136, with `startTls`, which only OpenSSL heeds. Quarkus
    /// knows it from 3.33.3.1 on: then this class fails the build, and goes.
    @TargetClass(className = "io.netty.handler.ssl.SslContext")
    static final class Context {
        private Context() {}

        @Substitute
        static SslContext newClientContextInternal(
                SslProvider provider,
                Provider securityProvider,
                X509Certificate[] trustCertificates,
                TrustManagerFactory trustManagers,
                X509Certificate[] keyCertificates,
                PrivateKey key,
                String keyPassword,
                KeyManagerFactory keyManagers,
                Iterable<String> ciphers,
                CipherSuiteFilter cipherFilter,
                ApplicationProtocolConfig applicationProtocols,
                String[] protocols,
                long sessionCacheSize,
                long sessionTimeout,
                boolean startTls,
                boolean ocsp,
                SecureRandom random,
                String keyStoreType,
                String endpointIdentification,
                Map.Entry<SslContextOption<?>, Object>[] options)
                throws SSLException {
            if (ocsp) throw new IllegalArgumentException("The JDK's TLS has no OCSP of Netty's.");
            return (SslContext) (Object) new JdkContext(
                    securityProvider,
                    trustCertificates,
                    trustManagers,
                    keyCertificates,
                    key,
                    keyPassword,
                    keyManagers,
                    ciphers,
                    cipherFilter,
                    applicationProtocols,
                    protocols,
                    sessionCacheSize,
                    sessionTimeout,
                    random,
                    keyStoreType,
                    endpointIdentification,
                    new Resumption());
        }
    }

    @TargetClass(className = "io.netty.handler.ssl.JdkSslClientContext")
    static final class JdkContext {
        @Alias
        JdkContext(
                Provider securityProvider,
                X509Certificate[] trustCertificates,
                TrustManagerFactory trustManagers,
                X509Certificate[] keyCertificates,
                PrivateKey key,
                String keyPassword,
                KeyManagerFactory keyManagers,
                Iterable<String> ciphers,
                CipherSuiteFilter cipherFilter,
                ApplicationProtocolConfig applicationProtocols,
                String[] protocols,
                long sessionCacheSize,
                long sessionTimeout,
                SecureRandom random,
                String keyStoreType,
                String endpointIdentification,
                Resumption resumption)
                throws SSLException {}
    }

    @TargetClass(className = "io.netty.handler.ssl.ResumptionController")
    static final class Resumption {
        @Alias
        Resumption() {}
    }

    /// Checksums of `aws-crt`, none of which DynamoDB asks for.
    @TargetClass(className = "software.amazon.awssdk.checksums.internal.ChecksumProvider")
    static final class Checksums {
        private Checksums() {}

        @Substitute
        static SdkChecksum createCrtCrc32C() {
            return null;
        }

        @Substitute
        static SdkChecksum crc64NvmeCrtImplementation() {
            throw new UnsupportedOperationException("CRC64NVME needs aws-crt");
        }

        @Substitute
        static SdkChecksum crtXxHash(ChecksumAlgorithm algorithm) {
            throw new UnsupportedOperationException(algorithm.algorithmId() + " needs aws-crt");
        }
    }
}
