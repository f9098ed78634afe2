package dev.meridian.lab.cluster;

import dev.meridian.testing.DynamoLocal;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// One Region without its PostgreSQL: the service, its DynamoDB, and a proxy in front of each. The way to the other
/// Region's DynamoDB, the fallback, is one more proxy.
public final class LabRegion implements AutoCloseable {
    private static final int NOBODY = 9;
    private static final int STARTS = 3;
    /// As in the manifests.
    private static final String[] HEAP = {"-Xmx256m", "-Xmn16m"};
    /// How long a service may take to stop, like an orchestrator's stop timeout.
    private static final Duration STOP = Duration.ofSeconds(20);

    private final String name;
    private final DynamoLocal dynamo;
    private final DynamoFront front;
    private final TcpProxy dynamoLink;
    private final TcpProxy fallbackLink;
    private final TcpProxy serviceLink;
    private final TcpProxy adminLink;
    private final Map<String, String> config = new HashMap<>();
    /// How far the clock of its next process is ahead.
    private volatile Duration clockAhead = Duration.ZERO;
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
        adminLink = new TcpProxy("127.0.0.1", NOBODY);
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

    /// The port of the proxy in front of the service's administrators' port.
    public int adminPort() {
        return adminLink.port();
    }

    /// How DynamoDB is for the service: `ok`, `slow`, `hanging`, `cut`, `throttling`, `conflicting` or
    /// `losing answers`.
    public String dynamoState() {
        if (!dynamoState.equals("ok")) return dynamoState;
        if (front.refusals().has(Refusals.Kind.THROTTLE)) return "throttling";
        if (front.refusals().has(Refusals.Kind.CONFLICT)) return "conflicting";
        return front.refusals().has(Refusals.Kind.LOSE_ANSWER) ? "losing answers" : "ok";
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

    /// The memory that the service's process holds, in bytes; 0 when it does not run, and where there is no `/proc`.
    public long residentBytes() {
        if (service == null) return 0;
        try (var lines = Files.lines(service.proc().resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException _) {
            return 0;
        }
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
        adminLink.retarget(service.adminPort());
    }

    /// Like an orchestrator, it restarts a service that did not come up: on a busy machine a call may time out.
    private ServiceProcess serve(int tries) throws IOException, InterruptedException {
        try {
            return ServiceProcess.serve(config, Faketime.variables(clockAhead), HEAP);
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

    /// Replaces the service by one whose clock differs; [#repairClock] undoes it.
    ///
    /// @param ahead negative: it is behind
    /// @return whether it was done: not without libfaketime
    public boolean runWithClock(Duration ahead) throws IOException, InterruptedException {
        if (!Faketime.isInstalled()) return false;
        clockAhead = ahead;
        terminate();
        start();
        return true;
    }

    /// Stops the service if its clock is wrong: its next process has the right one.
    public void repairClock() {
        if (clockAhead.isZero()) return;
        clockAhead = Duration.ZERO;
        terminate();
    }

    /// Cuts all connections to the service.
    public void cutService() {
        serviceLink.cut();
        adminLink.cut();
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

    /// A part of the calls of this Region's DynamoDB are done, and their answers never arrive.
    public void loseDynamoAnswers() {
        front.refusals().begin(Refusals.Kind.LOSE_ANSWER);
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
        adminLink.pass();
    }

    @Override
    public void close() {
        if (service != null) service.close();
        try {
            dynamoLink.close();
            fallbackLink.close();
            serviceLink.close();
            adminLink.close();
        } catch (IOException _) {
            // They are closed anyway.
        }
        front.close();
    }
}
