package dev.meridian.sql;

import io.quarkus.arc.Unremovable;
import io.quarkus.credentials.CredentialsProvider;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/// The user and the password of [Migration]: the owner of the schema, or the service's own user when no owner is
/// configured. The data source asks for them before each connection (`quarkus.datasource.credentials-provider`).
@Singleton
@Unremovable
final class OwnerCredentials implements CredentialsProvider {
    private final SqlConfig config;

    OwnerCredentials(SqlConfig config) {
        this.config = config;
    }

    @Override
    public Map<String, String> getCredentials(String name) {
        boolean isOwner = config.ownerUsername().isPresent();
        var credentials = new HashMap<String, String>();
        (isOwner ? config.ownerUsername() : config.username())
                .ifPresent(user -> credentials.put(USER_PROPERTY_NAME, user));
        (isOwner ? config.ownerPassword() : config.password())
                .ifPresent(password -> credentials.put(PASSWORD_PROPERTY_NAME, password));
        return credentials;
    }
}
