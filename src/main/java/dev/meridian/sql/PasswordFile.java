package dev.meridian.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.meridian.sqlpool.Credentials;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file with a password that may change while the process runs: the bare password, or JSON with `username` and
/// `password` as AWS Secrets Manager keeps it. Reading it blocks.
final class PasswordFile {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BYTES_MAX = 64 * 1024;

    private final Path file;
    /// Null before the first time.
    private volatile Credentials last;

    PasswordFile(Path file) {
        this.file = file;
    }

    /// What the file says now; what it said before when it cannot be read.
    ///
    /// @throws UncheckedIOException when it could never be read; the message is a sentence without its content
    Credentials read() {
        try (var in = Files.newInputStream(file)) {
            var content = in.readNBytes(BYTES_MAX + 1);
            if (content.length == 0 || content.length > BYTES_MAX) {
                throw new IOException("it has no byte, or more than " + BYTES_MAX);
            }
            last = parse(new String(content, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            var message = "The password cannot be read from meridian.sql.password-file=" + file + ": " + e;
            if (last == null) throw new UncheckedIOException(message, e);
            Log.warn(message + ". The last one is used.");
        }
        return last;
    }

    /// JSON if it can be read as such: a password may begin with a brace, too.
    private static Credentials parse(String text) throws IOException {
        if (!text.startsWith("{")) return new Credentials(null, text);
        String user = null;
        String password = null;
        try (var json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                if (name.equals("username")) user = json.getValueAsString();
                if (name.equals("password")) password = json.getValueAsString();
                json.skipChildren();
            }
        } catch (IOException _) {
            return new Credentials(null, text);
        }
        if (password == null) throw new IOException("it is JSON without a password");
        return new Credentials(user, password);
    }
}
