package dev.meridian.lab.drill;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The machine that the figures depend on, without names of hosts or users.
final class Machine {
    private Machine() {}

    static Map<String, String> facts() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var facts = new LinkedHashMap<String, String>();
        facts.put(
                "machine",
                "%s, %d cores, %d GiB"
                        .formatted(processor(), system.getAvailableProcessors(), system.getTotalMemorySize() >> 30));
        facts.put(
                "load of the machine at the end (1 min average)",
                "%.1f on %d cores".formatted(system.getSystemLoadAverage(), system.getAvailableProcessors()));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return facts;
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException _) {
            return "unknown processor";
        }
    }
}
