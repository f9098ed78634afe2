package dev.meridian.sql;

import dev.meridian.sqlpool.Credentials;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/// Who logs in to PostgreSQL and with what: an IAM token, else what the password file says, else the
/// configured user and password.
final class SqlLogin {
    private final SqlConfig config;
    private final Optional<IamTokens> tokens;
    private final Optional<PasswordFile> file;

    /// @param credentials what IAM tokens are signed with
    SqlLogin(SqlConfig config, AwsCredentialsProvider credentials) {
        this.config = config;
        this.tokens = config.iam() ? Optional.of(new IamTokens(config.iamRegion(), credentials)) : Optional.empty();
        this.file = config.passwordFile().map(Path::of).map(PasswordFile::new);
    }

    /// What the pools ask before each new connection; null when it never changes.
    BiFunction<PgConnectOptions, Credentials, Uni<Credentials>> ofPools() {
        if (tokens.isPresent()) {
            return (server, refused) -> tokens.get()
                    .token(
                            server.getHost(),
                            server.getPort(),
                            server.getUser(),
                            refused == null ? null : refused.password())
                    .map(token -> new Credentials(server.getUser(), token));
        }
        return file.<BiFunction<PgConnectOptions, Credentials, Uni<Credentials>>>map(source -> (_, _) ->
                        Uni.createFrom().item(source::read).runSubscriptionOn(Infrastructure.getDefaultWorkerPool()))
                .orElse(null);
    }

    /// The owner of the schema, or the service's user where no owner is configured; its own password comes first.
    /// Blocks.
    Credentials ofOwner(String host, int port) {
        var user = config.ownerUsername().or(config::username).orElse(null);
        if (config.ownerPassword().isPresent()) {
            return new Credentials(user, config.ownerPassword().get());
        }
        if (tokens.isPresent()) return new Credentials(user, tokens.get().make(host, port, user));
        return file.map(PasswordFile::read)
                .map(read -> read.user() == null ? new Credentials(user, read.password()) : read)
                .orElseGet(() -> new Credentials(user, config.password().orElse(null)));
    }
}
