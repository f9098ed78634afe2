package dev.meridian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthProbeTest {
    @ParameterizedTest
    @CsvSource({"200, 0", "503, 1", "404, 1"})
    void theStatusOfTheServerIsTheExitCode(int status, int exitCode) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/q/health/live", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            assertEquals(exitCode, HealthProbe.run(port(server.getAddress().getPort())));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void nobodyThereIsUnhealthy() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertEquals(1, HealthProbe.run(port(free)));
        assertEquals(1, HealthProbe.run(Map.of("QUARKUS_MANAGEMENT_PORT", "no port")));
    }

    private static Map<String, String> port(int port) {
        return Map.of("QUARKUS_MANAGEMENT_PORT", Integer.toString(port));
    }
}
