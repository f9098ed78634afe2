package dev.meridian.sqlpool;

/// Who logs in, and with what.
///
/// @param user null: the one of the server's options
/// @param password a password, or a token that stands for one
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
