package dev.meridian.dynamoclient;

import dev.meridian.dynamoclient.DynamoJson.Body;
import dev.meridian.dynamoclient.NotSentException.Reason;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// HTTP/1.1 with keep-alive to one endpoint, a pool for each event loop: a call is signed, written, read and
/// handed over on the event loop that asked. Nothing is shared among event loops, so nothing is locked and
/// nobody is woken.
///
/// A connection has one call at a time. A call that ends early closes its connection, so that its answer
/// never meets a later call.
final class HttpPools {
    /// Gets what became of a call, once, on its event loop and outside of its context.
    interface Ended {
        /// @param answer null when the call failed; only valid during this call, for its bytes will be overwritten
        /// @param failure null when there is an answer
        /// @param aheadMillis how far DynamoDB's clock was thought to be ahead of ours when the call was signed
        /// @return hands the outcome over; run once the connection is free for the next call
        Runnable ended(Answer answer, Throwable failure, long aheadMillis);
    }

    /// @param requestId null when the answer has none
    /// @param date null when the answer has none, and in answers of status 200
    record Answer(int status, String requestId, String date, byte[] bytes, int offset, int length) {}

    private final ClientSettings settings;
    private final NetClient net;
    private final String host;
    private final boolean isTls;
    private final HostAddresses addresses;
    private final Supplier<Signer> signers;
    private final int loops;
    private final Map<Object, Pool> pools = new ConcurrentHashMap<>();
    private final AtomicInteger numberOfPools = new AtomicInteger();

    HttpPools(Vertx vertx, ClientSettings settings, Supplier<Signer> signers) {
        var endpoint = settings.endpoint();
        this.settings = settings;
        this.host = hostHeader(endpoint);
        this.isTls = "https".equals(endpoint.getScheme());
        this.addresses = new HostAddresses(
                endpoint.getHost(),
                InetAddress::getAllByName,
                settings.connectTimeout().toMillis());
        this.signers = signers;
        this.loops = LoopContext.loops(vertx);
        this.net = vertx.createNetClient(options());
    }

    /// What is signed as `host`.
    static String hostHeader(URI endpoint) {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    private int port() {
        if (settings.endpoint().getPort() >= 0) return settings.endpoint().getPort();
        return isTls ? 443 : 80;
    }

    /// Trusts what the JDK trusts, as the SDK's client does.
    private NetClientOptions options() {
        var connectMillis = millis(settings.connectTimeout());
        var options = new NetClientOptions()
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(millis(settings.idleTimeout()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setSsl(isTls);
        if (isTls) options.setHostnameVerificationAlgorithm("HTTPS");
        return options;
    }

    /// At most 24 days.
    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }

    /// Sends a call on the event loop of the caller's context.
    ///
    /// @param context the caller's
    /// @param target `DynamoDB_20120810.Query`
    /// @return ends the call early, from any thread
    Runnable send(LoopContext context, String target, Body body, Ended ended) {
        var call = new Call(context, target, body, ended);
        context.onLoop(call::begin);
        return () -> context.onLoop(call::cancel);
    }

    void close() {
        net.close();
    }

    private String head(Call call, Signer.Signature signature) {
        return "POST / HTTP/1.1\r\nhost: " + host
                + "\r\ncontent-type: " + Signer.CONTENT_TYPE
                + "\r\nx-amz-date: " + signature.time()
                + (signature.token() == null ? "" : "\r\nx-amz-security-token: " + signature.token())
                + "\r\nx-amz-target: " + call.target
                + "\r\nauthorization: " + signature.authorization()
                + "\r\ncontent-length: " + call.body.size() + "\r\n\r\n";
    }

    /// Of a certificate that is not trusted, only the innermost cause says why.
    private static String reason(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.getMessage();
    }

    /// The part of a bound that one event loop has.
    private int share(int bound, int number) {
        return Math.max(1, bound / loops + (number < bound % loops ? 1 : 0));
    }

    /// The connections of one event loop, which alone touches it.
    private final class Pool {
        final LoopContext context;
        final Signer signer = signers.get();
        final ArrayDeque<Connection> idle = new ArrayDeque<>();
        /// Those that a connection is being opened for are in it too.
        final ArrayDeque<Call> waiting = new ArrayDeque<>();
        final int openMax;
        final int waitingMax;
        int open;
        int connecting;

        /// A context of the pool's own: that of the call that came first ends with its request.
        Pool(LoopContext context) {
            var number = numberOfPools.getAndIncrement();
            this.context = context.withoutRequest();
            this.openMax = share(settings.connections(), number);
            this.waitingMax = share(settings.waiting(), number);
        }

        boolean hasRoom() {
            return !idle.isEmpty() || open < openMax || waiting.size() - connecting < waitingMax;
        }

        /// Only while it has room.
        void take(Call call) {
            var connection = idle.pollLast();
            if (connection != null) {
                connection.write(call);
            } else {
                waiting.add(call);
                open();
            }
        }

        /// Takes back a call that waits.
        ///
        /// @return whether a connection was being opened for it, or it waited for the end of other calls
        Reason takeBack(Call call) {
            var before = 0;
            for (var other : waiting) {
                if (other == call) break;
                before++;
            }
            waiting.remove(call);
            return before < connecting ? Reason.UNREACHABLE : Reason.BUSY;
        }

        /// Opens a connection for each call that waits for none yet.
        void open() {
            while (open < openMax && connecting < waiting.size()) connect();
        }

        private void connect() {
            open++;
            connecting++;
            addresses.find(context, (address, failure) -> {
                if (failure != null) connected(null, failure);
                else
                    context.connect(
                            net,
                            SocketAddress.inetSocketAddress(new InetSocketAddress(address, port())),
                            isTls && !addresses.isLiteral()
                                    ? settings.endpoint().getHost()
                                    : null,
                            this::connected);
            });
        }

        private void connected(LoopContext.Socket socket, Throwable failure) {
            connecting--;
            if (failure == null) {
                try {
                    new Connection(this, socket).free();
                } catch (Throwable e) {
                    // No memory for its buffer.
                    socket.close();
                    closed();
                }
                return;
            }
            var call = waiting.poll();
            if (call != null)
                call.end(new NotSentException(Reason.UNREACHABLE, "no connection: " + reason(failure), failure));
            closed();
        }

        void closed() {
            open--;
            open();
        }
    }

    private final class Call {
        final LoopContext context;
        final String target;
        final Body body;
        final Ended ended;
        String head;
        long aheadMillis;
        Future<?> timer;
        Pool pool;
        Connection connection;
        boolean isEnded;

        Call(LoopContext context, String target, Body body, Ended ended) {
            this.context = context;
            this.target = target;
            this.body = body;
            this.ended = ended;
        }

        void begin() {
            if (isEnded) return;
            timer = context.after(settings.timeout().toMillis(), () -> abort("no answer in time"));
            var mine = pools.computeIfAbsent(context.loop(), _ -> new Pool(context));
            // Before it is signed: refusing is cheap, whatever comes.
            if (!mine.hasRoom()) {
                end(new NotSentException(Reason.BUSY, "too many calls wait for a connection", null));
                return;
            }
            try {
                var signature = mine.signer.sign(target, body.bytes(), body.size());
                aheadMillis = signature.aheadMillis();
                head = head(this, signature);
            } catch (RuntimeException e) {
                // As the source of the credentials says it: the caller may know more of it than that nothing was sent.
                end(e);
                return;
            }
            pool = mine;
            mine.take(this);
        }

        void cancel() {
            abort("cancelled");
        }

        private void abort(String reason) {
            if (isEnded) return;
            var used = connection;
            if (used == null) {
                // Before it has begun, this process was too slow.
                var why = pool == null ? Reason.BUSY : pool.takeBack(this);
                end(new NotSentException(why, reason + ", no connection yet", null));
            } else {
                used.closed(new IOException(reason), Reason.UNREACHABLE);
            }
        }

        void end(Throwable failure) {
            if (!isEnded) settle(null, failure).run();
        }

        Runnable settle(Answer answer, Throwable failure) {
            isEnded = true;
            connection = null;
            if (timer != null) timer.cancel(false);
            return ended.ended(answer, failure, aheadMillis);
        }
    }

    private final class Connection {
        final Pool pool;
        final LoopContext.Socket socket;
        final Http1Reader reader = new Http1Reader();
        Call call;
        boolean hasAnswered;
        boolean isClosed;

        Connection(Pool pool, LoopContext.Socket socket) {
            this.pool = pool;
            this.socket = socket;
            socket.handle(this::read, this::closed, () -> closed(new IOException("the connection was closed")));
        }

        void write(Call next) {
            call = next;
            next.connection = this;
            try {
                socket.write(next.head, next.body.bytes(), next.body.size());
            } catch (Throwable e) {
                // No memory, usually.
                closed(e, Reason.BUSY);
            }
        }

        private void read(ByteBuf bytes) {
            try {
                if (isClosed) return;
                // Nothing of it may be taken for a part of the next answer.
                if (call == null) throw new IOException("an answer to nothing");
                reader.read(bytes);
            } catch (Throwable e) {
                closed(e);
                return;
            } finally {
                bytes.release();
            }
            if (reader.isComplete()) answered();
        }

        private void answered() {
            var answered = call;
            call = null;
            hasAnswered = true;
            Runnable handOver;
            var isFree = false;
            try {
                handOver = answered.settle(reader.answer(), null);
                // With the rest of a request on its way, the server may take that for the next one.
                var isUsable = reader.keepsAlive() && socket.isWritten();
                reader.reset();
                isFree = isUsable;
            } finally {
                // Whatever happens, it is one of the two: else its place would be lost for ever.
                if (isFree) free();
                else closed(null);
            }
            handOver.run();
        }

        void free() {
            if (isClosed) return;
            var next = pool.waiting.poll();
            if (next != null) write(next);
            else pool.idle.addLast(this);
        }

        private void closed(Throwable cause) {
            closed(cause, hasAnswered ? Reason.STALE : Reason.UNREACHABLE);
        }

        /// @param cause for the call that is under way
        /// @param reason if its request was not written to the end
        void closed(Throwable cause, Reason reason) {
            if (isClosed) return;
            isClosed = true;
            var open = call;
            call = null;
            // Before it is closed: that makes a request that is half written fail.
            var isSent = open != null && socket.isWritten();
            socket.close();
            pool.idle.remove(this);
            pool.closed();
            if (open != null) open.end(isSent ? cause : new NotSentException(reason, cause.getMessage(), cause));
        }
    }
}
