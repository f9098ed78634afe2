import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** HTTP/1.1 load on loopback: one thread and one connection, kept alive, for each client. */
final class Load {
    /** The requests of one turn, sent one after the other; every response must be a 2xx. */
    interface Operation {
        byte[][] turn(long number);
    }

    /**
     * The result of a run.
     *
     * @param nanos how long each turn took, sorted
     * @param seconds from the first request to the last response
     * @param error the first unexpected response, or null
     */
    record Result(long[] nanos, long errors, double seconds, String error) {
        double perSecond() {
            return nanos.length / seconds;
        }

        double millis(double quantile) {
            return quantile(nanos, quantile) / 1e6;
        }
    }

    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final int port;
    private final int clients;
    private final Operation operation;

    Load(int port, int clients, Operation operation) {
        this.port = port;
        this.clients = clients;
        this.operation = operation;
    }

    /** Closed loop: each client sends its next request when it has the response to the last one. */
    Result closed(Duration time) throws Exception {
        return run(time, Long.MAX_VALUE, 0);
    }

    /** The same, with a fixed number of turns. */
    Result turns(long turns) throws Exception {
        return run(Duration.ofMinutes(5), turns, 0);
    }

    /**
     * Open loop: turns at a fixed rate. The latency of a turn counts from the time when it was due, so the wait for a
     * free client counts too.
     */
    Result fixed(Duration time, double perSecond) throws Exception {
        return run(time, Math.round(perSecond * time.toMillis() / 1000.0), perSecond);
    }

    private Result run(Duration time, long turns, double perSecond) throws Exception {
        var ready = new CountDownLatch(clients);
        var go = new CountDownLatch(1);
        var taken = new AtomicLong();
        var start = new AtomicLong();
        var errors = new AtomicLong();
        var error = new AtomicReference<String>();
        var samples = new ArrayList<long[]>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                var mine = new Samples();
                try (var connection = new Connection(port)) {
                    ready.countDown();
                    go.await();
                    long end = start.get() + time.toNanos();
                    while (true) {
                        long turn = taken.getAndIncrement();
                        if (turn >= turns) break;
                        long from = System.nanoTime();
                        if (perSecond > 0) {
                            long due = start.get() + (long) (turn * 1e9 / perSecond);
                            while (due - System.nanoTime() > 0) LockSupport.parkNanos(due - System.nanoTime());
                            // A late wake-up of the thread is not the service's fault; a busy thread is.
                            from = due > from ? System.nanoTime() : due;
                        } else if (from >= end) {
                            break;
                        }
                        for (var request : operation.turn(NUMBERS.incrementAndGet())) {
                            int status = connection.exchange(request);
                            if (status < 200 || status > 299) {
                                errors.incrementAndGet();
                                error.compareAndSet(null, status + " " + connection.body());
                            }
                        }
                        mine.add(System.nanoTime() - from);
                    }
                } catch (Exception e) {
                    errors.incrementAndGet();
                    error.compareAndSet(null, e.toString());
                    ready.countDown();
                }
                synchronized (samples) {
                    samples.add(mine.toArray());
                }
            }));
        }
        ready.await();
        start.set(System.nanoTime());
        go.countDown();
        for (var thread : threads) thread.join();
        double seconds = (System.nanoTime() - start.get()) / 1e9;
        return new Result(merge(samples), errors.get(), seconds, error.get());
    }

    static long[] merge(List<long[]> samples) {
        var all = samples.stream().flatMapToLong(Arrays::stream).toArray();
        Arrays.sort(all);
        return all;
    }

    static double quantile(long[] sorted, double quantile) {
        if (sorted.length == 0) return Double.NaN;
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1)];
    }

    private static final class Samples {
        private long[] values = new long[4096];
        private int size;

        void add(long value) {
            if (size == values.length) values = Arrays.copyOf(values, size * 2);
            values[size++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }

    /** A connection that reads responses with a Content-Length, chunked, or without a body. */
    static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private byte[] buffer;
        private int read;
        private int body;

        Connection(int port) throws IOException {
            this(port, (int) ANSWER_MAX.toMillis(), 64 * 1024);
        }

        /** @param size of the buffer at first */
        Connection(int port, int answerMaxMillis, int size) throws IOException {
            buffer = new byte[size];
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(answerMaxMillis);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        int exchange(byte[] request) throws IOException {
            out.write(request);
            read = 0;
            body = 0;
            while (body == 0) {
                more();
                body = endOfHead();
            }
            var head = new String(buffer, 0, body, StandardCharsets.ISO_8859_1).toLowerCase();
            int status = Integer.parseInt(head.substring(9, 12));
            int length = head.indexOf("\r\ncontent-length:");
            if (length >= 0) {
                int line = head.indexOf('\r', length + 2);
                int end = body + Integer.parseInt(head.substring(length + 17, line).strip());
                while (read < end) more();
            } else if (head.contains("\r\ntransfer-encoding: chunked")) {
                while (!endsWith("0\r\n\r\n")) more();
            }
            return status;
        }

        /** The whole body of the last response, as received. */
        String text() {
            return new String(buffer, body, read - body, StandardCharsets.UTF_8);
        }

        String body() {
            return new String(buffer, body, Math.min(read - body, 2000), StandardCharsets.UTF_8);
        }

        private void more() throws IOException {
            if (read == buffer.length) buffer = Arrays.copyOf(buffer, read * 2);
            int n = in.read(buffer, read, buffer.length - read);
            if (n < 0) throw new IOException("The connection was closed before the answer was complete.");
            read += n;
        }

        private int endOfHead() {
            for (int i = 3; i < read; i++) {
                if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                    return i + 1;
                }
            }
            return 0;
        }

        private boolean endsWith(String text) {
            if (read - text.length() < body) return false;
            for (int i = 0; i < text.length(); i++) {
                if (buffer[read - text.length() + i] != text.charAt(i)) return false;
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
