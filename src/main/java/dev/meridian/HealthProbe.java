package dev.meridian;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The command `health`: checks the liveness of the server in the same container, for platforms that probe with
/// a command. The image has no shell and no HTTP client, and starting the framework would cost more than the
/// request.
final class HealthProbe {
    /// Milliseconds to connect, and again to answer.
    private static final int TIMEOUT = 3000;

    private HealthProbe() {}

    /// Requests `/q/health/live` on the management port (`QUARKUS_MANAGEMENT_PORT`, else 9000) of this host.
    ///
    /// @return the exit code: 0 when the answer is 200, else 1
    static int run(Map<String, String> environment) {
        try (var socket = new Socket()) {
            int port = Integer.parseInt(environment.getOrDefault("QUARKUS_MANAGEMENT_PORT", "9000"));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT);
            socket.setSoTimeout(TIMEOUT);
            socket.getOutputStream()
                    .write("GET /q/health/live HTTP/1.0\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var status = answer.readLine();
            return status != null && status.matches("HTTP/1\\.[01] 200( .*)?") ? 0 : 1;
        } catch (IOException | IllegalArgumentException _) {
            return 1;
        }
    }
}
