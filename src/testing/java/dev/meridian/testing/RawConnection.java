package dev.meridian.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A connection that sends any bytes, as slowly as a test wants, and reads until the other side closes it.
public final class RawConnection implements AutoCloseable {
    private static final int PAUSE_MS = 200;

    private final Socket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /// Connects to a port of this machine.
    public RawConnection(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
    }

    /// Sends text, as ISO-8859-1.
    public RawConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /// Sends a byte again and again, a few times a second, until the other side closes the connection.
    ///
    /// @return whether it did within the time
    public boolean trickle(char filler, Duration limit) throws IOException {
        return awaitEnd(Character.toString(filler), limit);
    }

    /// Reads until the other side closes the connection.
    ///
    /// @return whether it did within the time
    public boolean isClosedWithin(Duration limit) throws IOException {
        return awaitEnd("", limit);
    }

    private boolean awaitEnd(String filler, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        socket.setSoTimeout(PAUSE_MS);
        var buffer = new byte[16 * 1024];
        while (System.nanoTime() < end) {
            try {
                send(filler);
                int count = socket.getInputStream().read(buffer);
                if (count < 0) return true;
                received.write(buffer, 0, count);
            } catch (SocketTimeoutException _) {
                // The pause between two bytes.
            } catch (IOException _) {
                // Reset, because the other side no longer reads.
                return true;
            }
        }
        return false;
    }

    /// What the other side has sent, so far as it was read.
    public String received() {
        return received.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
