import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedMethod;

/**
 * Checks that a test run called every method of every repository that uses DynamoDB.
 *
 * <pre>
 * options CLASSES DIR  prints the options for a JVM (25 or newer) to record the calls into DIR
 * check CLASSES DIR    prints the methods without a call in any recording in DIR; exit code 1 when there is one
 * </pre>
 */
public class RepositoryCalls {
    private static final String BRIDGE = "dev/meridian/dynamo/Dynamo";
    private static final Duration UNFINISHED = Duration.ofSeconds(10);

    public static void main(String[] args) throws Exception {
        var methods = methods(Path.of(args[1]));
        var dir = Path.of(args[2]).toAbsolutePath();
        switch (args[0]) {
            case "options" -> {
                var classes = methods.stream()
                        .map(method -> method.substring(0, method.lastIndexOf('.')))
                        .distinct()
                        .collect(Collectors.joining(";"));
                Files.createDirectories(dir);
                var settings = Files.writeString(dir.resolve("calls.jfc"), """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <configuration version="2.0">
                          <event name="jdk.MethodTiming">
                            <setting name="enabled">true</setting>
                            <setting name="period">200 ms</setting>
                            <setting name="filter">%s</setting>
                          </event>
                        </configuration>
                        """.formatted(classes));
                // The recording of a killed process stays in its folder.
                System.out.printf(
                        "-Xlog:jfr+startup=error -XX:FlightRecorderOptions:repository=%s"
                                + " -XX:StartFlightRecording:settings=%s,filename=%s/calls-%%p.jfr%n",
                        dir, settings, dir);
            }
            case "check" -> System.exit(check(methods, dir) ? 0 : 1);
            default -> throw new IllegalArgumentException("options or check, not " + args[0]);
        }
    }

    /** The non-private instance methods of the repositories, as Class.method. */
    private static Set<String> methods(Path classes) throws IOException {
        var methods = new TreeSet<String>();
        try (var files = Files.walk(classes)) {
            for (var file :
                    files.filter(f -> f.toString().endsWith("Repository.class")).toList()) {
                var repository = ClassFile.of().parse(file);
                if (!callsDynamo(repository)) continue;
                for (var method : repository.methods()) {
                    var name = method.methodName().stringValue();
                    var flags = method.flags();
                    if (name.startsWith("<")
                            || flags.has(AccessFlag.PRIVATE)
                            || flags.has(AccessFlag.STATIC)
                            || flags.has(AccessFlag.SYNTHETIC)) continue;
                    methods.add(repository.thisClass().asInternalName().replace('/', '.') + "." + name);
                }
            }
        }
        if (methods.isEmpty()) throw new IllegalStateException("no repository in " + classes);
        return methods;
    }

    private static boolean callsDynamo(ClassModel type) {
        return StreamSupport.stream(type.constantPool().spliterator(), false)
                .anyMatch(entry -> entry instanceof ClassEntry other
                        && other.asInternalName().equals(BRIDGE));
    }

    private static boolean check(Set<String> methods, Path dir) throws IOException, InterruptedException {
        List<Path> recordings;
        try (var files = Files.walk(dir)) {
            recordings = files.filter(file ->
                            file.toString().endsWith(".jfr") && file.toFile().length() > 0)
                    .toList();
        }
        if (recordings.isEmpty()) throw new IllegalStateException("no recording in " + dir);
        var called = ConcurrentHashMap.<String>newKeySet();
        var ended = ConcurrentHashMap.<EventStream>newKeySet();
        var read = new AtomicLong(System.nanoTime());
        var streams = new ArrayList<EventStream>();
        for (var recording : recordings) {
            var stream = EventStream.openFile(recording);
            stream.onEvent("jdk.MethodTiming", event -> {
                read.set(System.nanoTime());
                var method = event.<RecordedMethod>getValue("method");
                if (event.getLong("invocations") > 0)
                    called.add(method.getType().getName() + "." + method.getName());
            });
            stream.onClose(() -> ended.add(stream));
            stream.startAsync();
            streams.add(stream);
        }
        for (var stream : streams) {
            // The recording of a killed process has no end: nothing comes any more.
            do stream.awaitTermination(Duration.ofMillis(200));
            while (!ended.contains(stream) && System.nanoTime() - read.get() < UNFINISHED.toNanos());
            stream.close();
        }
        var unseen = new TreeSet<>(methods);
        unseen.removeAll(called);
        System.out.printf(
                "Repository methods that talk to DynamoDB: %d, called in this run: %d%n",
                methods.size(), methods.size() - unseen.size());
        unseen.forEach(method -> System.out.println("never called: " + method));
        return unseen.isEmpty();
    }
}
