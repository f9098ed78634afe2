package dev.meridian.dynamoclient;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.utils.async.SimplePublisher;

/// The wire below the SDK's client: keeps what the SDK would send, and answers with what the test says.
public final class SdkWire implements SdkAsyncHttpClient {
    private SdkHttpRequest request;
    private byte[] body;
    private WireServer.Reply reply = new WireServer.Reply(200, "{}");

    /// The SDK's client over this wire, as this service configures it.
    public DynamoDbAsyncClientBuilder client() {
        return DynamoDbAsyncClient.builder()
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .asyncConfiguration(
                        c -> c.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .httpClient(this);
    }

    void answer(WireServer.Reply next) {
        reply = next;
    }

    /// The address of the last request.
    public URI uri() {
        return request.getUri();
    }

    Optional<String> header(String name) {
        return request.firstMatchingHeader(name);
    }

    /// The body of the last request.
    byte[] body() {
        return body;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest execution) {
        request = execution.request();
        var done = new CompletableFuture<Void>();
        execution.requestContentPublisher().subscribe(new Subscriber<>() {
            private final ByteArrayOutputStream all = new ByteArrayOutputStream();

            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer part) {
                var bytes = new byte[part.remaining()];
                part.get(bytes);
                all.writeBytes(bytes);
            }

            @Override
            public void onError(Throwable failure) {
                done.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                body = all.toByteArray();
                respond(execution, done);
            }
        });
        return done;
    }

    private void respond(AsyncExecuteRequest execution, CompletableFuture<Void> done) {
        var handler = execution.responseHandler();
        handler.onHeaders(SdkHttpFullResponse.builder()
                .statusCode(reply.status())
                .putHeader("x-amzn-RequestId", WireServer.REQUEST_ID)
                .putHeader("content-type", "application/x-amz-json-1.0")
                .putHeader("content-length", Integer.toString(reply.bytes().length))
                .build());
        var content = new SimplePublisher<ByteBuffer>();
        handler.onStream(content);
        content.send(ByteBuffer.wrap(reply.bytes()));
        content.complete();
        done.complete(null);
    }

    @Override
    public void close() {}
}
