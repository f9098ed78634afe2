package dev.meridian;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;

/// A port for the management interface of the packaged artifact: Quarkus tells integration tests only the public
/// one.
public class ManagementPort implements QuarkusTestResourceLifecycleManager {
    private static final String PORT = "test.artifact.management.port";

    @Override
    public Map<String, String> start() {
        try (var socket = new ServerSocket(0)) {
            var port = Integer.toString(socket.getLocalPort());
            System.setProperty(PORT, port);
            return Map.of("quarkus.management.port", port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// After `StoresResource`, which asks for any free port.
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        System.clearProperty(PORT);
    }

    /// The address of a path of the running artifact.
    public static URI uri(String path) {
        return URI.create("http://localhost:" + System.getProperty(PORT) + path);
    }
}
