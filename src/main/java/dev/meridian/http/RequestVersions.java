package dev.meridian.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AttributeKey;

/// Has requests of another version than HTTP/1 reach our filters, which answer 400 as they do for other malformed
/// requests. Vert.x would answer 501, without a problem. `http/1.1` counts as HTTP/1.1.
final class RequestVersions extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<Boolean> IS_OTHER = AttributeKey.valueOf("meridian.request-version");

    /// Whether the connection has brought a request of another version.
    static boolean isOther(Channel channel) {
        return channel.hasAttr(IS_OTHER);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (read instanceof HttpRequest head) {
            var version = head.protocolVersion();
            // Vert.x compares by identity.
            if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
                boolean isOld = version.equals(HttpVersion.HTTP_1_0);
                if (!isOld && !version.equals(HttpVersion.HTTP_1_1)) {
                    context.channel().attr(IS_OTHER).set(true);
                }
                head.setProtocolVersion(isOld ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);
            }
        }
        context.fireChannelRead(read);
    }
}
