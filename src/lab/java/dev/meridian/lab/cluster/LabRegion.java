package dev.meridian.lab.cluster;

import dev.meridian.testing.DynamoLocal;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// One Region but for its PostgreSQL: the service, its DynamoDB, and the proxies on the ways to both.
public final class LabRegion implements AutoCloseable {
    private static final int NOBODY = 9;
    private static final int STARTS = 3;
    /// How long a service that was told to stop may take, as an orchestrator has it.
    private static final Duration STOP = Duration.ofSeconds(20);

    private final String name;
    private final DynamoLocal dynamo;
    private final DynamoFront front;
    private final TcpProxy dynamoLink;
    private final TcpProxy serviceLink;
    private final Map<String, String> config = new HashMap<>();
    private volatile ServiceProcess service;
    private volatile boolean isStopping;
    /// `ok`, `slow`, `hanging` or `cut`.
    private volatile String dynamoState = "ok";

    /// @param service how the service is to be configured, but for Region and DynamoDB
    LabRegion(String name, DynamoLocal dynamo, DynamoFront front, Map<String, String> service) throws IOException {
        this.name = name;
        this.dynamo = dynamo;
        this.front = front;
        dynamoLink = new TcpProxy("127.0.0.1", front.port());
        serviceLink = new TcpProxy("127.0.0.1", NOBODY);
        configure(service);
    }

    /// How the service is started from now on.
    void configure(Map<String, String> service) {
        config.clear();
        config.putAll(service);
        config.put("meridian.region", name);
        config.put("quarkus.dynamodb.endpoint-override", "http://127.0.0.1:" + dynamoLink.port());
    }

    /// As AWS calls it, `eu-west-1` for example.
    public String name() {
        return name;
    }

    /// Its DynamoDB, past all proxies.
    public DynamoLocal dynamo() {
        return dynamo;
    }

    DynamoFront front() {
        return front;
    }

    /// The port on which everybody reaches the service.
    public int port() {
        return serviceLink.port();
    }

    /// The way to DynamoDB: `ok`, `slow`, `hanging` or `cut`.
    public String dynamoState() {
        return dynamoState;
    }

    /// Whether the service runs.
    public boolean isUp() {
        return service != null && service.isRunning();
    }

    /// Whether the service runs and was not told to stop.
    public boolean isServing() {
        return isUp() && !isStopping;
    }

    /// What the service has printed, since it was started last.
    public String log() {
        return service == null ? "" : service.log();
    }

    /// Starts the service unless it runs. One that is stopping may finish what it does first.
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

    /// As an orchestrator does, it starts a service anew that did not come up: on a busy machine a call times out.
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

    /// Nobody reaches the service.
    public void cutService() {
        serviceLink.cut();
    }

    /// DynamoDB answers the service nothing; connections stay open.
    public void hangDynamo() {
        dynamoState = "hanging";
        dynamoLink.hang();
    }

    /// Each packet between service and DynamoDB waits.
    public void slowDynamo(Duration delay) {
        dynamoState = "slow";
        dynamoLink.slow(delay);
    }

    /// Connections between service and DynamoDB are reset.
    public void cutDynamo() {
        dynamoState = "cut";
        dynamoLink.cut();
    }

    /// What hung is lost, as packets are.
    public void repairLinks() {
        if (dynamoState.equals("hanging")) dynamoLink.resetConnections();
        dynamoState = "ok";
        dynamoLink.pass();
        serviceLink.pass();
    }

    @Override
    public void close() {
        if (service != null) service.close();
        try {
            dynamoLink.close();
            serviceLink.close();
        } catch (IOException _) {
            // They are closed in any case.
        }
        front.close();
    }
}
