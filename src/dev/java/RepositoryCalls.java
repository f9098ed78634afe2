import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.RecordingFile;

/**
 * Tells whether a run of tests has called every method of every repository that talks to DynamoDB.
 *
 * <pre>
 * options CLASSES DIR  prints the options of a JVM (25 or newer) that count the calls, into DIR
 * check CLASSES DIR    prints the methods that no recording in DIR has seen called; exit code 1 when there is one
 * </pre>
 */
public class RepositoryCalls {
    private static final String BRIDGE = "dev/meridian/dynamo/Dynamo";

    public static void main(String[] args) throws IOException {
        var methods = methods(Path.of(args[1]));
        var dir = Path.of(args[2]).toAbsolutePath();
        switch (args[0]) {
            case "options" -> {
                var classes = methods.stream()
                        .map(method -> method.substring(0, method.lastIndexOf('.')))
                        .distinct()
                        .collect(Collectors.joining(";"));
                // A process that is killed leaves what it has told the repository of recordings so far.
                System.out.println("-XX:FlightRecorderOptions:repository=" + Files.createDirectories(dir)
                        + " -XX:StartFlightRecording:settings=none,jdk.MethodTiming#enabled=true,"
                        + "jdk.MethodTiming#period=1s,jdk.MethodTiming#filter=" + classes + ",filename=" + dir
                        + "/calls-%p.jfr");
            }
            case "check" -> System.exit(check(methods, dir) ? 0 : 1);
            default -> throw new IllegalArgumentException("options or check, not " + args[0]);
        }
    }

    /** The methods of the repositories that callers see, as Class.method. */
    private static Set<String> methods(Path classes) throws IOException {
        var methods = new TreeSet<String>();
        try (var files = Files.walk(classes)) {
            for (var file : files.filter(f -> f.toString().endsWith("Repository.class")).toList()) {
                var repository = ClassFile.of().parse(file);
                if (!callsDynamo(repository)) continue;
                for (var method : repository.methods()) {
                    var name = method.methodName().stringValue();
                    var flags = method.flags();
                    if (name.startsWith("<") || flags.has(AccessFlag.PRIVATE) || flags.has(AccessFlag.STATIC)
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
                .anyMatch(entry -> entry instanceof ClassEntry other && other.asInternalName().equals(BRIDGE));
    }

    private static boolean check(Set<String> methods, Path dir) throws IOException {
        var calls = new TreeMap<String, Long>();
        methods.forEach(method -> calls.put(method, 0L));
        List<Path> recordings;
        try (var files = Files.walk(dir)) {
            recordings = files.filter(file -> file.toString().endsWith(".jfr")).toList();
        }
        if (recordings.isEmpty()) throw new IllegalStateException("no recording in " + dir);
        for (var recording : recordings) {
            try (var file = new RecordingFile(recording)) {
                while (file.hasMoreEvents()) {
                    var event = file.readEvent();
                    if (!event.getEventType().getName().equals("jdk.MethodTiming")) continue;
                    var method = event.<jdk.jfr.consumer.RecordedMethod>getValue("method");
                    var name = method.getType().getName() + "." + method.getName();
                    calls.computeIfPresent(name, (_, most) -> Math.max(most, event.getLong("invocations")));
                }
            }
        }
        var unseen = new ArrayList<String>();
        calls.forEach((method, count) -> {
            if (count == 0) unseen.add(method);
        });
        System.out.printf(
                "Repository methods that talk to DynamoDB: %d, called in this run: %d%n",
                methods.size(), methods.size() - unseen.size());
        unseen.forEach(method -> System.out.println("never called: " + method));
        return unseen.isEmpty();
    }
}
