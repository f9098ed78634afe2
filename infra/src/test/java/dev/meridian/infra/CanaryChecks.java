package dev.meridian.infra;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Canaries: schedule, runtime, script, and where their artifacts are.
final class CanaryChecks {
    static final String CANARY = "AWS::Synthetics::Canary";
    private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|minutes|hour)\\)");

    /// Runtimes that run ES modules and are not deprecated ("Runtime versions using Node.js and Playwright").
    private static final Set<String> RUNTIMES = Set.of(
            "syn-nodejs-playwright-2.0",
            "syn-nodejs-playwright-3.0",
            "syn-nodejs-playwright-4.0",
            "syn-nodejs-playwright-5.0",
            "syn-nodejs-playwright-5.1",
            "syn-nodejs-playwright-6.0");

    private CanaryChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(CANARY).forEach(canary -> {
            schedule(canary, found);
            var runtime = canary.text("RuntimeVersion");
            if (!RUNTIMES.contains(runtime)) found.accept(canary.finding("canary-runtime", "no runtime: " + runtime));
            var handler = canary.text("Code.Handler").split("\\.")[0];
            if (!Files.exists(Path.of("canaries", handler + ".mjs"))) {
                found.accept(canary.finding("canary-script", "there is no canaries/" + handler + ".mjs"));
            }
            var store = canary.text("RunConfig.EnvironmentVariables.STORE");
            if (!store.matches("https://[^/]+"))
                found.accept(canary.finding("canary-script", "STORE is no address: " + store));
        });
        synthesis.resources("AWS::S3::Bucket").forEach(bucket -> publicAccess(bucket, found));
    }

    private static void schedule(Resource canary, Consumer<Finding> found) {
        var expression = canary.text("Schedule.Expression");
        var rate = RATE.matcher(expression);
        if (!rate.matches()) {
            found.accept(canary.finding("canary-schedule", "no schedule: " + expression));
            return;
        }
        int number = Integer.parseInt(rate.group(1));
        boolean one = rate.group(2).equals("minute") || rate.group(2).equals("hour");
        if (one != (number == 1) || number > 60) {
            found.accept(canary.finding("canary-schedule", "no schedule: " + expression));
            return;
        }
        int seconds = number * (rate.group(2).equals("hour") ? 3600 : 60);
        if (canary.at("RunConfig.TimeoutInSeconds").asInt(seconds) > seconds) {
            found.accept(canary.finding("canary-schedule", "a run may last longer than the time until the next"));
        }
    }

    private static void publicAccess(Resource bucket, Consumer<Finding> found) {
        for (var name :
                new String[] {"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}) {
            if (!bucket.at("PublicAccessBlockConfiguration." + name).asBoolean()) {
                found.accept(bucket.finding("public-access", name + " is not on"));
            }
        }
    }
}
