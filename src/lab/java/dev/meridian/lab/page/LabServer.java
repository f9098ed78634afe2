package dev.meridian.lab.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.meridian.lab.Lab;
import dev.meridian.lab.LabState;
import dev.meridian.lab.fault.Fault;
import dev.meridian.lab.fault.FaultGroups;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// The server of the lab's page, on loopback only. The state comes over one stream of server-sent events; each
/// button is a POST, and its response comes when the task is done.
public final class LabServer implements AutoCloseable {
    private static final int EXCHANGES_MAX = 64;
    private static final int STREAMS_MAX = 16;

    private final Lab lab;
    private final HttpServer http;
    private final ExclusiveTasks tasks = new ExclusiveTasks();
    private final StateFeed feed;
    private final LabPages pages = new LabPages();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore exchanges = new Semaphore(EXCHANGES_MAX);
    private final Semaphore streams = new Semaphore(STREAMS_MAX);
    private volatile boolean isLoaded;
    private volatile Map<String, Object> verdict;
    private volatile long verdictAt;

    /// @param port 0 for any free one
    public LabServer(Lab lab, int port) throws IOException {
        this.lab = lab;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), EXCHANGES_MAX);
        http.setExecutor(threads);
        http.createContext("/", this::guarded);
        feed = new StateFeed(lab, this::view);
        http.start();
    }

    /// The URL of the page.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
    }

    private Map<String, Object> view(LabState state) {
        var view = new HashMap<String, Object>();
        view.put("state", state);
        view.put("busy", tasks.current());
        view.put("load", isLoaded);
        view.put("verdict", verdict);
        view.put("verdictAt", verdictAt);
        return view;
    }

    private void guarded(HttpExchange exchange) throws IOException {
        if (!exchanges.tryAcquire()) {
            LabExchange.answer(exchange, 503, "text/plain", "Too many requests at once.");
            return;
        }
        try (exchange) {
            handle(exchange);
        } finally {
            exchanges.release();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (ExclusiveTasks.Busy e) {
            LabExchange.refuse(exchange, 409, e.getMessage());
        } catch (IllegalArgumentException e) {
            LabExchange.refuse(exchange, 400, e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LabExchange.refuse(exchange, 500, "It failed: " + e);
        }
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException {
        if (!LabExchange.isOurs(exchange, http.getAddress().getPort())) {
            LabExchange.refuse(exchange, 403, "Only this page may ask.");
            return;
        }
        var path = exchange.getRequestURI().getPath();
        switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> get(exchange, path);
            case "POST" -> post(exchange, path);
            default -> LabExchange.refuse(exchange, 405, "GET or POST.");
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException, InterruptedException {
        if (path.equals("/events")) {
            stream(exchange);
        } else if (path.equals("/lab.json")) {
            LabExchange.answer(exchange, 200, LabExchange.JSON, StateFeed.json(describe()));
        } else {
            var page = pages.find(path);
            if (page.isPresent()) {
                LabExchange.answer(exchange, 200, page.get().type(), page.get().text());
            } else {
                LabExchange.refuse(exchange, 404, "There is no " + path);
            }
        }
    }

    private Map<String, Object> describe() {
        return Map.of(
                "artifact", lab.artifact(),
                "regions", lab.regions(),
                "router", lab.router().toString(),
                "groups", FaultGroups.describe());
    }

    private void post(HttpExchange exchange, String path) throws IOException, InterruptedException {
        switch (path) {
            case "/heal" -> tasks.run("healing", lab::heal);
            case "/load/start" -> tasks.run("starting the clients", () -> load(true));
            case "/load/stop" -> tasks.run("stopping the clients", () -> load(false));
            case "/check" -> tasks.run("checking", this::check);
            default -> {
                if (!path.startsWith("/faults/")) {
                    LabExchange.refuse(exchange, 404, "There is no " + path);
                    return;
                }
                inject(path.substring("/faults/".length()), LabExchange.region(exchange));
            }
        }
        LabExchange.answer(exchange, 200, LabExchange.JSON, path.equals("/check") ? StateFeed.json(verdict) : "{}");
    }

    private void load(boolean on) {
        if (on) lab.startLoad();
        else lab.stopLoad();
        isLoaded = on;
    }

    private void check() {
        var found = lab.check();
        isLoaded = false;
        verdict = Map.of(
                "holds", found.holds(),
                "counts", found.counts(),
                "violations", found.violations(),
                "convergedAfterMillis", found.convergedAfter().toMillis());
        verdictAt = System.currentTimeMillis();
    }

    private void inject(String name, String region) throws InterruptedException {
        var fault = Fault.valueOf(name);
        if (!lab.regions().contains(region)) throw new IllegalArgumentException("There is no Region " + region);
        tasks.run(
                fault.title() + " " + (FaultGroups.isPerRegion(fault) ? region : ""), () -> lab.inject(fault, region));
    }

    private void stream(HttpExchange exchange) throws IOException, InterruptedException {
        if (!streams.tryAcquire()) {
            LabExchange.refuse(exchange, 503, "Too many pages are open.");
            return;
        }
        // A stream stays open, so it does not count as a request in flight.
        exchanges.release();
        try {
            LabPages.headers(exchange.getResponseHeaders(), "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            var out = exchange.getResponseBody();
            out.write(LabExchange.event("history", feed.history()));
            for (var beat = feed.after(0); beat != null; beat = feed.after(beat.number())) {
                out.write(LabExchange.event("state", beat.json()));
                out.flush();
            }
        } finally {
            exchanges.acquireUninterruptibly();
            streams.release();
        }
    }

    @Override
    public void close() {
        feed.close();
        http.stop(0);
        threads.shutdownNow();
        tasks.close();
    }
}
