package dev.meridian.lab.cluster;

import dev.meridian.testing.DynamoLocal;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// One Region without its PostgreSQL: the service, its DynamoDB, and a proxy in front of each. The way to the other
/// Region's DynamoDB, the fallback, is one more proxy.
public final class LabRegion implements AutoCloseable {
    private static final int NOBODY = 9;
    private static final int STARTS = 3;
    /// How long a service may take to stop, like an orchestrator's stop timeout.
    private static final Duration STOP = Duration.ofSeconds(20);

    private final String name;
    private final DynamoLocal dynamo;
    private final DynamoFront front;
    private final TcpProxy dynamoLink;
    private final TcpProxy fallbackLink;
    private final TcpProxy serviceLink;
    private final Map<String, String> config = new HashMap<>();
    private volatile ServiceProcess service;
    private volatile boolean isStopping;
    /// Of the connection: `ok`, `slow`, `hanging` or `cut`.
    private volatile String dynamoState = "ok";

    /// @param otherPort of the other Region's DynamoDB
    /// @param roundTrip between the Regions
    LabRegion(String name, DynamoLocal dynamo, DynamoFront front, int otherPort, Duration roundTrip)
            throws IOException {
        this.name = name;
        this.dynamo = dynamo;
        this.front = front;
        dynamoLink = new TcpProxy("127.0.0.1", front.port());
        fallbackLink = new TcpProxy("127.0.0.1", otherPort, roundTrip);
        serviceLink = new TcpProxy("127.0.0.1", NOBODY);
    }

    /// Sets the configuration for the next starts of the service.
    void configure(Map<String, String> service) {
        config.clear();
        config.putAll(service);
    }

    /// The port of the service's DynamoDB.
    int dynamoPort() {
        return dynamoLink.port();
    }

    /// The port of the service's fallback.
    int fallbackPort() {
        return fallbackLink.port();
    }

    /// The AWS name, for example `eu-west-1`.
    public String name() {
        return name;
    }

    /// Its DynamoDB, without a proxy.
    public DynamoLocal dynamo() {
        return dynamo;
    }

    DynamoFront front() {
        return front;
    }

    /// The port of the proxy in front of the service.
    public int port() {
        return serviceLink.port();
    }

    /// How DynamoDB is for the service: `ok`, `slow`, `hanging`, `cut`, `throttling` or `conflicting`.
    public String dynamoState() {
        if (!dynamoState.equals("ok")) return dynamoState;
        if (front.refusals().has(Refusals.Kind.THROTTLE)) return "throttling";
        return front.refusals().has(Refusals.Kind.CONFLICT) ? "conflicting" : "ok";
    }

    /// Whether the service runs.
    public boolean isUp() {
        return service != null && service.isRunning();
    }

    /// Whether the service runs and is not stopping.
    public boolean isServing() {
        return isUp() && !isStopping;
    }

    /// The output of the service since its last start.
    public String log() {
        return service == null ? "" : service.log();
    }

    /// Starts the service unless it runs. A stopping service may finish first.
    public void start() throws IOException, InterruptedException {
        if (isServing()) return;
        if (service != null) {
            if (isStopping) service.exitCode(STOP);
            service.close();
        }
        isStopping = false;
        service = serve(STARTS);
        serviceLink.retarget(service.port());
    }

    /// Like an orchestrator, it restarts a service that did not come up: on a busy machine a call may time out.
    private ServiceProcess serve(int tries) throws IOException, InterruptedException {
        try {
            return ServiceProcess.serve(config);
        } catch (IllegalStateException e) {
            if (tries <= 1) throw e;
            return serve(tries - 1);
        }
    }

    /// Kills the service with SIGKILL and waits for its end.
    public void kill() throws InterruptedException {
        if (service == null) return;
        service.kill();
        service.exitCode(Duration.ofSeconds(5));
    }

    /// Stops the service with SIGTERM.
    public void terminate() {
        if (service == null) return;
        isStopping = true;
        service.terminate();
    }

    /// Cuts all connections to the service.
    public void cutService() {
        serviceLink.cut();
    }

    /// DynamoDB does not respond to the service; connections stay open.
    public void hangDynamo() {
        dynamoState = "hanging";
        dynamoLink.hang();
    }

    /// Delays the traffic between service and DynamoDB.
    public void slowDynamo(Duration delay) {
        dynamoState = "slow";
        dynamoLink.slow(delay);
    }

    /// Resets the connections between service and DynamoDB.
    public void cutDynamo() {
        dynamoState = "cut";
        dynamoLink.cut();
    }

    /// DynamoDB throttles a part of the calls, also those of the other Region's fallback.
    public void throttleDynamo() {
        front.refusals().begin(Refusals.Kind.THROTTLE);
    }

    /// A part of the writes of this Region's DynamoDB are refused for conflicts.
    public void conflictDynamo() {
        front.refusals().begin(Refusals.Kind.CONFLICT);
    }

    /// Resets the connections to the other Region's DynamoDB.
    public void cutFallback() {
        fallbackLink.cut();
    }

    /// Restores the connections. Data held back on the way to DynamoDB is lost, like packets.
    public void repairLinks() {
        if (dynamoState.equals("hanging")) dynamoLink.resetConnections();
        dynamoState = "ok";
        front.refusals().end();
        dynamoLink.pass();
        fallbackLink.pass();
        serviceLink.pass();
    }

    @Override
    public void close() {
        if (service != null) service.close();
        try {
            dynamoLink.close();
            fallbackLink.close();
            serviceLink.close();
        } catch (IOException _) {
            // They are closed anyway.
        }
        front.close();
    }
}
