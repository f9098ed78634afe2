package dev.meridian.sql;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Tokens that stand for a password of Aurora: a signed request to connect as a user, that is never sent as a
/// request (Aurora User Guide, "IAM database authentication"). They are made here, from the credentials of
/// the process, without a call to AWS. A token is for one user on one server, and a server takes it for
/// fifteen minutes.
///
/// The credentials are those of the process. Asking their source for them may block.
public final class IamTokens {
    private static final String SERVICE = "rds-db";
    private static final Duration VALID = Duration.ofMinutes(15);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Pattern AURORA =
            Pattern.compile(".*\\.([a-z]+(?:-[a-z]+)+-\\d+)\\.rds\\.amazonaws\\.com(?:\\.cn)?");

    private final Optional<String> region;
    private final Clock clock;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsProvider credentials;
    private final Map<Login, CompletableFuture<Token>> tokens = new ConcurrentHashMap<>();

    private record Login(String host, int port, String user) {}

    private record Token(String text, Instant keptUntil) {}

    /// @param region of servers whose name does not tell it
    /// @param credentials the present ones, or their source
    public IamTokens(Optional<String> region, AwsCredentialsProvider credentials) {
        this(region, credentials, Clock.systemUTC());
    }

    IamTokens(Optional<String> region, AwsCredentialsProvider credentials, Clock clock) {
        this.region = region;
        this.credentials = credentials;
        this.clock = clock;
    }

    /// Checks what a token needs.
    ///
    /// @param region of servers whose name does not tell it
    /// @throws IllegalArgumentException when something is missing; the message is a sentence
    public static void check(TlsSettings tls, String host, Optional<String> user, Optional<String> region) {
        if (!tls.isEncrypted()) {
            throw new IllegalArgumentException("An IAM token is sent as clear text and needs TLS:"
                    + " set meridian.sql.tls.ca (for the command reconcile PGSSLROOTCERT) to a PEM file.");
        }
        if (user.isEmpty()) {
            throw new IllegalArgumentException(
                    "An IAM token is for a user:" + " set meridian.sql.username (for the command reconcile PGUSER).");
        }
        if (region(host).or(() -> region).isEmpty()) {
            throw new IllegalArgumentException("The Region of " + host
                    + " cannot be told from its name, and an IAM token is for one: set meridian.sql.iam-region.");
        }
    }

    /// The Region of a server, from a name such as `store.cluster-c1.eu-west-1.rds.amazonaws.com`.
    private static Optional<String> region(String host) {
        var name = AURORA.matcher(host);
        return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
    }

    /// A token for a new connection; one that was made within the last ten minutes is used again. Does not block.
    ///
    /// @param refused a token that the server did not take, or null: that one is not used again
    Uni<String> token(String host, int port, String user, String refused) {
        var login = new Login(host, port, user);
        // A stage of its own for each caller: one that waits no longer must not end the search for the others.
        return Uni.createFrom()
                .completionStage(() -> tokens.compute(
                                login, (_, held) -> held != null && isUsable(held, refused) ? held : makeLater(login))
                        .thenApply(Token::text));
    }

    private CompletableFuture<Token> makeLater(Login login) {
        return CompletableFuture.supplyAsync(() -> make(login), Infrastructure.getDefaultWorkerPool());
    }

    private boolean isUsable(CompletableFuture<Token> held, String refused) {
        if (!held.isDone()) return true;
        if (held.isCompletedExceptionally()) return false;
        var token = held.resultNow();
        return !token.text.equals(refused) && clock.instant().isBefore(token.keptUntil);
    }

    /// A new token. Blocks while the credentials are looked for.
    ///
    /// @throws IllegalStateException when there are no credentials; the message is a sentence
    public String make(String host, int port, String user) {
        return make(new Login(host, port, user)).text;
    }

    private Token make(Login login) {
        final AwsCredentialsIdentity identity;
        try {
            identity = credentials.resolveCredentials();
        } catch (RuntimeException e) {
            throw new IllegalStateException("There are no AWS credentials for an IAM token: " + e.getMessage(), e);
        }
        var now = clock.instant();
        var keptUntil = now.plus(KEPT);
        // A token ends with the credentials that signed it.
        var ends = identity.expirationTime().orElse(keptUntil);
        return new Token(sign(login, identity), ends.isBefore(keptUntil) ? ends : keptUntil);
    }

    private String sign(Login login, AwsCredentialsIdentity identity) {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .protocol("https")
                .host(login.host)
                .port(login.port)
                .encodedPath("/")
                .putRawQueryParameter("Action", "connect")
                .putRawQueryParameter("DBUser", login.user)
                .build();
        var where = region(login.host).or(() -> region).orElseThrow();
        var signed = signer.sign(sign -> sign.identity(identity)
                .request(request)
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, where)
                .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, VALID)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock));
        return signed.request().getUri().toString().substring("https://".length());
    }
}
