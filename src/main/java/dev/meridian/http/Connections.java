package dev.meridian.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// What the HTTP server does not bound, seen from before its codec: how long the head of a request may take,
/// and how many bytes the bodies of all requests under way may have. The server's idle timeout begins anew
/// with each byte.
///
/// An HTTP/2 connection would have no such bound on heads after its first request, so HTTP/2 is off
/// (`quarkus.http.http2`); load balancers send HTTP/1.1. Only probes and scrapers reach the management port.
@ApplicationScoped
class Connections {
    private static final String HANDLER = "meridian-connections";
    private static final String COMPRESSOR = "meridian-compressor";
    private static final String VERSIONS = HANDLER + "-versions";

    /// What Vert.x calls the encoder of HTTP/1.1 ([io.vertx.core.http.impl.HttpServerWorker]).
    private static final String ENCODER = "httpEncoder";

    private final Vertx vertx;
    private final long headNanosMax;
    private final long bodySizeMax;
    private final long bodiesMax;
    private final Duration shutdownDelay;
    private final AtomicLong bodies;
    private final AtomicInteger open;
    private volatile boolean isStopped;
    /// Whether the process takes no new connections any more.
    private volatile boolean refusesConnections;

    Connections(
            Vertx vertx,
            HttpConfig config,
            MeterRegistry meters,
            @ConfigProperty(name = "quarkus.shutdown.delay", defaultValue = "0s") Duration shutdownDelay) {
        this.vertx = vertx;
        this.shutdownDelay = shutdownDelay;
        this.headNanosMax = config.headTimeMax().toNanos();
        this.bodySizeMax = config.bodySizeMax().asLongValue();
        this.bodiesMax = config.bodiesSizeMax().asLongValue();
        this.bodies = meters.gauge("meridian.http.bodies.bytes", new AtomicLong());
        this.open = meters.gauge("meridian.http.connections", new AtomicInteger());
    }

    /// Netty's acceptor hands each new connection through the pipeline of the channel that listens.
    void onOpen(@ObservesAsync HttpServerStart server) {
        for (var executor : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            if (!(executor instanceof SingleThreadEventLoop loop)) continue;
            loop.execute(() -> loop.registeredChannelsIterator().forEachRemaining(channel -> {
                if (channel instanceof ServerChannel && channel.pipeline().get(HANDLER) == null) {
                    channel.pipeline().addFirst(HANDLER, new Acceptor());
                }
            }));
        }
    }

    /// Once load balancers have had the time to learn that the process ends, new connections are closed: with
    /// them there would always be another request under way. Those that are open end with their present request.
    void onShutdown(@Observes ShutdownDelayInitiatedEvent shutdown) {
        vertx.setTimer(Math.max(1, shutdownDelay.toMillis()), _ -> refusesConnections = true);
    }

    /// In dev mode the server outlives the application.
    void onStop(@Observes ShutdownEvent stop) {
        isStopped = true;
    }

    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (!isStopped && accepted instanceof Channel channel) {
                if (refusesConnections) {
                    channel.unsafe().closeForcibly();
                    return;
                }
                channel.pipeline().addFirst(HANDLER, new Connection());
            }
            context.fireChannelRead(accepted);
        }
    }

    /// To be called when the head of a request is complete, before anything else handles the request.
    ///
    /// @return whether the request may be handled
    boolean begin(RoutingContext context) {
        var connection = connection(context.request());
        if (connection.isEmpty()) return true;
        if (connection.get().isEnding) return false;
        connection.get().headIsComplete(context.request().version() == HttpVersion.HTTP_2);
        context.addEndHandler(_ -> connection.get().requestEnded());
        return true;
    }

    /// Whether a body of this many bytes may be read now.
    boolean hasRoomFor(long bytes) {
        return bodies.get() + Math.min(bytes, bodySizeMax) <= bodiesMax;
    }

    /// Serves no further request of this connection.
    void end(HttpServerRequest request) {
        connection(request).ifPresent(connection -> connection.isEnding = true);
    }

    /// Whether a request line of this connection names no version of HTTP/1.
    static boolean isOfAnotherVersion(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                && RequestVersions.isOther(connection.channel());
    }

    /// Whether the service itself has stopped reading, because it is not done with what it has.
    boolean isPaused(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                && !connection.channel().config().isAutoRead();
    }

    private static Optional<Connection> connection(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                        && connection.channel().pipeline().get(HANDLER) instanceof Connection own
                ? Optional.of(own)
                : Optional.empty();
    }

    /// One connection. Only its event loop uses it.
    private final class Connection extends ChannelInboundHandlerAdapter {
        private EventExecutor loop;
        private int requests;
        private boolean isHttp2;
        private boolean isEnding;
        /// When the first byte of a head came that is not complete yet, by [System#nanoTime].
        private long headBegun;

        private boolean isHeadAwaited;
        private boolean hasTimer;
        /// The bytes of the bodies of its present requests.
        private long held;

        private boolean isCut;
        private boolean isPrepared;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            loop = context.executor();
            open.incrementAndGet();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            if (!isPrepared) prepare(context.pipeline());
            if (read instanceof ByteBuf bytes) {
                if (requests > 0) {
                    hold(context, bytes.readableBytes());
                } else if (!isHeadAwaited && !isHttp2) {
                    isHeadAwaited = true;
                    headBegun = System.nanoTime();
                    if (!hasTimer) checkAfter(context, headNanosMax);
                }
            }
            context.fireChannelRead(read);
        }

        /// The codec is there with the first bytes, and over TLS after the handshake.
        private void prepare(ChannelPipeline pipeline) {
            isPrepared = pipeline.get(ENCODER) != null;
            if (isPrepared) {
                pipeline.addAfter(ENCODER, COMPRESSOR, new Compressor());
                pipeline.addAfter(COMPRESSOR, VERSIONS, new RequestVersions());
            }
        }

        /// One timer serves all requests that come while it runs.
        private void checkAfter(ChannelHandlerContext context, long nanos) {
            hasTimer = true;
            context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
        }

        private void check(ChannelHandlerContext context) {
            hasTimer = false;
            if (!isHeadAwaited || isStopped) return;
            long left = headNanosMax - (System.nanoTime() - headBegun);
            if (left > 0) {
                checkAfter(context, left);
            } else {
                Log.debug("a connection is closed: the head of a request took too long");
                context.close();
            }
        }

        /// An import reads its body piece by piece, and holds no more than another request.
        private void hold(ChannelHandlerContext context, int bytes) {
            long more = Math.min(bytes, requests * bodySizeMax - held);
            if (more <= 0 || isCut) return;
            // In one step, so that of two that grow at once only one is cut.
            long before = bodies.getAndUpdate(all -> all + more > bodiesMax ? all - held : all + more);
            isCut = before + more > bodiesMax;
            held = isCut ? 0 : held + more;
            if (isCut) {
                Log.debug("a connection is closed: the bodies of all requests are too large together");
                context.close();
            }
        }

        private void headIsComplete(boolean http2) {
            isHttp2 = http2;
            isHeadAwaited = false;
            requests++;
        }

        private void requestEnded() {
            if (!loop.inEventLoop()) {
                loop.execute(this::requestEnded);
                return;
            }
            requests--;
            if (requests == 0) release();
        }

        private void release() {
            bodies.addAndGet(-held);
            held = 0;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            isHeadAwaited = false;
            open.decrementAndGet();
            release();
            context.fireChannelInactive();
        }
    }
}
