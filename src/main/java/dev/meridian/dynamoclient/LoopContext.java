package dev.meridian.dynamoclient;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetSocketInternal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A context of Vert.x: the event loop on which a call is signed, sent and read, and the request that it belongs
/// to.
///
/// The only class of this package that uses internals of Vert.x (a test holds it to that). Look at it first
/// when Vert.x is upgraded.
final class LoopContext {
    private final ContextInternal context;

    private LoopContext(ContextInternal context) {
        this.context = context;
    }

    /// The context of the caller; outside of Vert.x, a new one on some event loop.
    static LoopContext current(Vertx vertx) {
        return new LoopContext(((VertxInternal) vertx).getOrCreateContext());
    }

    /// How many event loops there are.
    static int loops(Vertx vertx) {
        var loops = 0;
        for (var _ : ((VertxInternal) vertx).getEventLoopGroup()) loops++;
        return loops;
    }

    /// A context on the same event loop that belongs to no request.
    LoopContext withoutRequest() {
        var vertx = context.owner();
        return new LoopContext(vertx.createEventLoopContext(context.nettyEventLoop(), null, context.classLoader()));
    }

    /// The event loop, as a key.
    Object loop() {
        return context.nettyEventLoop();
    }

    /// Runs a task on the event loop, at once if this is its thread.
    void onLoop(Runnable task) {
        var loop = context.nettyEventLoop();
        if (loop.inEventLoop()) task.run();
        else loop.execute(task);
    }

    /// Runs a task on the event loop later.
    ScheduledFuture<?> after(long millis, Runnable task) {
        return context.nettyEventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /// Hands a value over within this context, at once if this is its thread.
    <T> void emit(T value, Handler<T> handler) {
        context.emit(value, handler);
    }

    /// Connects. The answer comes on the event loop.
    ///
    /// @param serverName for SNI; null without TLS, or where the host is an address
    void connect(NetClient net, SocketAddress address, String serverName, BiConsumer<Socket, Throwable> connected) {
        context.runOnContext(_ -> connecting(net, address, serverName)
                .onComplete(
                        socket -> connected.accept(new Socket((NetSocketInternal) socket), null),
                        failure -> connected.accept(null, failure)));
    }

    /// A client that is closed throws.
    private static Future<NetSocket> connecting(NetClient net, SocketAddress address, String serverName) {
        try {
            return net.connect(address, serverName);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /// A connection. Belongs to one event loop.
    static final class Socket {
        private final NetSocketInternal socket;
        private ChannelPromise written;

        private Socket(NetSocketInternal socket) {
            this.socket = socket;
        }

        /// @param read gets what arrives and releases it
        /// @param closed called once the connection is closed
        void handle(Consumer<ByteBuf> read, Consumer<Throwable> failed, Runnable closed) {
            socket.closeHandler(_ -> closed.run());
            socket.exceptionHandler(failed::accept);
            socket.messageHandler(message -> read.accept((ByteBuf) message));
        }

        /// Writes a request. When there is no memory for it, it throws, and nothing is written.
        void write(String head, byte[] body, int length) {
            written = null;
            var channel = socket.channelHandlerContext();
            var out = channel.alloc().directBuffer(head.length() + length);
            try {
                out.writeCharSequence(head, StandardCharsets.US_ASCII);
                out.writeBytes(body, 0, length);
                written = channel.newPromise();
            } catch (Throwable e) {
                out.release();
                throw e;
            }
            channel.writeAndFlush(out, written);
        }

        /// Whether the whole of the last request was passed to the operating system. If not, no server can have
        /// got it.
        boolean isWritten() {
            return written != null && written.isSuccess();
        }

        /// Closes it without writing what is not written yet, as [NetSocketInternal#close] and a TLS handler would.
        void close() {
            var channel = socket.channelHandlerContext().channel().unsafe();
            channel.close(channel.voidPromise());
        }
    }
}
