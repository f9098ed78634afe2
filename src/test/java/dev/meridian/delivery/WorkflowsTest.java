package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Static checks of the workflows, which cannot run here: actions and their commits, permissions, and that
/// every called script exists. Each check must fail on a planted mistake.
class WorkflowsTest {
    /// The write permissions of each job; every other job may only read.
    private static final Map<String, Set<String>> MAY_WRITE = Map.of(
            "release.yml image", Set.of("packages"),
            "release.yml publish", Set.of("contents", "packages", "id-token"));

    private static final Map<String, String> TRIGGERS = Map.of(
            "gate.yml", "{\"push\":{\"branches\":[\"**\"]},\"pull_request\":null,\"workflow_call\":null}",
            "release.yml", "{\"push\":{\"tags\":[\"v*\"]}}");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([\\w./-]+/[\\w./-]+) \\| (v[\\w.]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern USES = Pattern.compile("(?m)uses: +([^\\s@]+)@(\\S+)(?: # (\\S+))?$");
    /// A script of this repository with its arguments, or one whose output becomes an output of the step.
    private static final Pattern CALL = Pattern.compile(
            "(?<get>echo \"name=\\$\\()?(?<script>\\.[\\w./-]+)(?: [\\w-]+| \"\\$GITHUB_REF_NAME\")*(?:\\)\" >> \"\\$GITHUB_OUTPUT\")?");

    private static final Pattern REGISTRY = Pattern.compile("\\b(?:ghcr|docker|quay)\\.io\\b|\\.amazonaws\\.com\\b");

    private final Map<String, String> files = new TreeMap<>();

    /// A row of the table of actions.
    private record Action(String version, String commit, String seen, String revision) {
        boolean pinned() {
            return !commit.equals("not seen");
        }

        String ref() {
            return pinned() ? commit : version;
        }
    }

    /// A mistake planted in a file by replacing the first occurrence of a text, and the expected problem.
    private record Mistake(String file, String text, String replacement, String problem) {}

    @BeforeEach
    void read() throws IOException {
        files.put("actions.md", Files.readString(Path.of(".github/actions.md")));
        try (var workflows = Files.list(Path.of(".github/workflows"))) {
            for (var file : workflows.toList()) files.put(file.getFileName().toString(), Files.readString(file));
        }
    }

    @Test
    void theWorkflowsKeepEveryRule() throws IOException {
        assertEquals(List.of(), problems());
    }

    @Test
    void anActionThatWasSeenNowhereStaysAtItsTag() throws IOException {
        files.compute("actions.md", (name, text) -> text + "\n| a/b | v1 | not seen | - | - |\n");
        files.compute("gate.yml", (name, text) -> text + "      - uses: a/b@v1\n");
        assertEquals(List.of(), problems());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsSeen(Mistake mistake) throws IOException {
        var text = files.get(mistake.file());
        var planted = text.replaceFirst(Pattern.quote(mistake.text()), Matcher.quoteReplacement(mistake.replacement()));
        assertNotEquals(text, planted);
        files.put(mistake.file(), planted);
        assertTrue(problems().contains(mistake.problem()), () -> {
            try {
                return String.join("\n", problems());
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    static Stream<Mistake> mistakes() {
        var upload = "ea165f8d65b6e75b540449e92b4886f43607fa02";
        return Stream.of(
                new Mistake(
                        "gate.yml",
                        upload,
                        upload.replace('e', 'a'),
                        "gate.yml: actions/upload-artifact is not at the table's " + upload),
                new Mistake(
                        "gate.yml", upload, "v4", "gate.yml: actions/upload-artifact is not at the table's " + upload),
                new Mistake("gate.yml", "# v6.0.2", "# v5.0.0", "gate.yml: actions/checkout is not the table's v6.0.2"),
                new Mistake("gate.yml", "actions/checkout@", "a/b@", "gate.yml: a/b is not in the table"),
                new Mistake("actions.md", upload, "v4.6.2", "actions.md: actions/upload-artifact: v4.6.2 is no commit"),
                new Mistake(
                        "actions.md",
                        "open-telemetry/opentelemetry-java,",
                        "somewhere,",
                        "actions.md: actions/upload-artifact: nobody can find where it was seen"),
                new Mistake(
                        "actions.md",
                        "07ea3fdf8acf460cda94326f310bbd23e440d382",
                        "main",
                        "actions.md: actions/upload-artifact: nobody can find when it was seen"),
                new Mistake(
                        "actions.md",
                        "| actions/checkout |",
                        "| a/b | v1 | not seen | - | - |\n| actions/checkout |",
                        "actions.md: a/b is not used"),
                new Mistake("gate.yml", "permissions: {}", "permissions: write-all", "gate.yml: what it may is not {}"),
                new Mistake("gate.yml", "permissions: {}", "", "gate.yml: what it may is not {}"),
                new Mistake("gate.yml", "contents: read", "contents: write", "gate.yml gate: may write contents"),
                new Mistake("gate.yml", "contents: read", "contents: admin", "gate.yml gate: may write contents"),
                new Mistake(
                        "gate.yml",
                        "    permissions:\n      contents: read\n",
                        "",
                        "gate.yml gate: does not say what it may"),
                new Mistake("release.yml", "id-token: write", "issues: write", "release.yml publish: may write issues"),
                new Mistake("gate.yml", "    timeout-minutes: 120\n", "", "gate.yml gate: has no end"),
                new Mistake(
                        "gate.yml", "run: .ci/run\n", "run: .ci/walk\n", "gate.yml gate: .ci/walk is no program here"),
                new Mistake(
                        "gate.yml",
                        "run: .ci/run\n",
                        "run: ./pom.xml\n",
                        "gate.yml gate: ./pom.xml is no program here"),
                new Mistake(
                        "gate.yml",
                        "run: .ci/run\n",
                        "run: make x\n",
                        "gate.yml gate: runs more than a script: make x"),
                new Mistake(
                        "release.yml",
                        "\"$GITHUB_REF_NAME\"",
                        "${{ github.ref_name }}",
                        "release.yml check: runs more than a script: .ci/release check ${{ github.ref_name }}"),
                new Mistake(
                        "release.yml",
                        "workflows/gate.yml",
                        "workflows/no.yml",
                        "release.yml: ./.github/workflows/no.yml is not here"),
                new Mistake(
                        "gate.yml", "pull_request:", "pull_request_target:", "gate.yml: is triggered by other events"),
                new Mistake(
                        "release.yml",
                        "tags: [\"v*\"]",
                        "branches: [main]",
                        "release.yml: is triggered by other events"),
                new Mistake(
                        "release.yml",
                        "ubuntu-24.04-arm",
                        "ubuntu-22.04",
                        "release.yml: does not build on both architectures"),
                new Mistake(
                        "release.yml",
                        "${{ vars.IMAGE_REGISTRY }}",
                        "a.example",
                        "release.yml: the registry is no variable"),
                new Mistake(
                        "release.yml",
                        "only-fixed: true",
                        "only-fixed: ghcr.io",
                        "release.yml: names the registry ghcr.io"),
                new Mistake(
                        "release.yml",
                        "secrets.GITHUB_TOKEN",
                        "secrets.PASSWORD",
                        "release.yml: takes secrets.PASSWORD"),
                new Mistake(
                        "release.yml",
                        "    needs: check\n",
                        "    secrets: inherit\n",
                        "release.yml: takes secrets: inherit"),
                new Mistake(
                        "gate.yml",
                        "persist-credentials: false",
                        "fetch-depth: 1",
                        "gate.yml gate: leaves its token in the checkout"));
    }

    /// Dependabot has an entry for each kind of dependency, with the right directory.
    @Test
    void dependabotLooksAtEveryKindOfDependency() throws IOException {
        var folders = new TreeMap<String, String>();
        for (var update : Kustomize.YAML
                .readTree(Files.readString(Path.of(".github/dependabot.yml")))
                .path("updates")) {
            folders.put(
                    update.path("package-ecosystem").asText(),
                    "." + update.path("directory").asText());
        }
        assertEquals(Set.of("maven", "github-actions", "docker", "npm"), folders.keySet());
        assertTrue(Files.exists(Path.of(folders.get("maven"), "pom.xml")));
        assertTrue(Files.exists(Path.of(folders.get("docker"), "Dockerfile.native-micro")));
        assertTrue(Files.exists(Path.of(folders.get("npm"), "package-lock.json")));
    }

    /// GitHub silently ignores an issue form that it cannot read.
    @Test
    void theIssueFormsHaveWhatGitHubRequires() throws IOException {
        for (var name : List.of("bug.yml", "feature.yml")) {
            var form = Kustomize.YAML.readTree(Files.readString(Path.of(".github/ISSUE_TEMPLATE", name)));
            assertTrue(form.hasNonNull("name") && form.hasNonNull("description"), name);
            var ids = new TreeSet<String>();
            for (var element : form.path("body")) {
                var type = element.path("type").asText();
                assertTrue(Set.of("markdown", "textarea", "input", "dropdown").contains(type), type);
                if (type.equals("markdown")) continue;
                assertTrue(ids.add(element.path("id").asText()), element::toString);
                assertTrue(element.at("/attributes").hasNonNull("label"), element::toString);
            }
            assertTrue(ids.size() >= 2, name);
        }
        var links = Kustomize.YAML
                .readTree(Files.readString(Path.of(".github/ISSUE_TEMPLATE/config.yml")))
                .path("contact_links");
        for (var link : links) {
            assertTrue(link.path("url").asText().startsWith("https://"), link::toString);
            assertTrue(link.hasNonNull("name") && link.hasNonNull("about"), link::toString);
        }
        assertEquals(1, links.size());
    }

    private List<String> problems() throws IOException {
        var problems = new ArrayList<String>();
        var actions = actions(problems);
        var used = new TreeSet<String>();
        for (var workflow : files.entrySet()) {
            if (!workflow.getKey().equals("actions.md")) {
                checkActions(workflow.getKey(), workflow.getValue(), actions, used, problems);
                checkText(workflow.getKey(), workflow.getValue(), problems);
                checkWorkflow(workflow.getKey(), workflow.getValue(), problems);
            }
        }
        for (var action : actions.keySet()) {
            if (!used.contains(action)) problems.add("actions.md: " + action + " is not used");
        }
        return problems;
    }

    private Map<String, Action> actions(List<String> problems) {
        var actions = new TreeMap<String, Action>();
        ROW.matcher(files.get("actions.md"))
                .results()
                .forEach(row ->
                        actions.put(row.group(1), new Action(row.group(2), row.group(3), row.group(4), row.group(5))));
        actions.forEach((name, action) -> {
            if (!action.pinned()) return;
            if (!action.commit().matches("[0-9a-f]{40}")) {
                problems.add("actions.md: " + name + ": " + action.commit() + " is no commit");
            }
            if (!action.seen().matches("[\\w.-]+/[\\w.-]+, `[\\w./-]+\\.ya?ml`")) {
                problems.add("actions.md: " + name + ": nobody can find where it was seen");
            }
            if (!action.revision().matches("[0-9a-f]{40}")) {
                problems.add("actions.md: " + name + ": nobody can find when it was seen");
            }
        });
        return actions;
    }

    private static void checkActions(
            String workflow, String text, Map<String, Action> actions, Set<String> used, List<String> problems) {
        USES.matcher(text).results().forEach(uses -> {
            var name = uses.group(1);
            used.add(name);
            var action = actions.get(name);
            if (action == null) {
                problems.add(workflow + ": " + name + " is not in the table");
                return;
            }
            if (!uses.group(2).equals(action.ref())) {
                problems.add(workflow + ": " + name + " is not at the table's " + action.ref());
            }
            if (action.pinned() && !action.version().equals(uses.group(3))) {
                problems.add(workflow + ": " + name + " is not the table's " + action.version());
            }
        });
    }

    private static void checkText(String workflow, String text, List<String> problems) {
        REGISTRY.matcher(text)
                .results()
                .forEach(found -> problems.add(workflow + ": names the registry " + found.group()));
        Pattern.compile("secrets\\.(?!GITHUB_TOKEN\\b)\\w*|secrets: .*|secrets\\[")
                .matcher(text)
                .results()
                .forEach(found -> problems.add(workflow + ": takes " + found.group()));
    }

    private static void checkWorkflow(String workflow, String text, List<String> problems)
            throws JsonProcessingException {
        var root = Kustomize.YAML.readTree(text);
        if (!root.path("on").toString().equals(TRIGGERS.get(workflow))) {
            problems.add(workflow + ": is triggered by other events");
        }
        if (!root.path("permissions").toString().equals("{}")) problems.add(workflow + ": what it may is not {}");
        for (var job : root.path("jobs").properties()) {
            checkJob(workflow + " " + job.getKey(), job.getValue(), problems);
            var called = job.getValue().path("uses").asText("./pom.xml");
            if (!called.startsWith("./") || !Files.exists(Path.of(called))) {
                problems.add(workflow + ": " + called + " is not here");
            }
        }
        if (workflow.equals("release.yml")) {
            if (!root.at("/env/IMAGE_REGISTRY").asText().equals("${{ vars.IMAGE_REGISTRY }}")) {
                problems.add(workflow + ": the registry is no variable");
            }
            if (!root.at("/jobs/image/strategy/matrix/runner")
                    .toString()
                    .equals("[\"ubuntu-24.04\",\"ubuntu-24.04-arm\"]")) {
                problems.add(workflow + ": does not build on both architectures");
            }
        }
    }

    private static void checkJob(String job, JsonNode node, List<String> problems) {
        if (node.path("permissions").isEmpty()) problems.add(job + ": does not say what it may");
        for (var permission : node.path("permissions").properties()) {
            var may = permission.getValue().asText();
            if (!may.equals("read")
                    && !may.equals("none")
                    && !MAY_WRITE.getOrDefault(job, Set.of()).contains(permission.getKey())) {
                problems.add(job + ": may write " + permission.getKey());
            }
        }
        if (!node.has("uses") && !node.has("timeout-minutes")) problems.add(job + ": has no end");
        for (var step : node.path("steps")) {
            if (step.path("uses").asText().startsWith("actions/checkout@")
                    && !step.at("/with/persist-credentials").asText().equals("false")) {
                problems.add(job + ": leaves its token in the checkout");
            }
            if (step.has("run")) checkRun(job, step.path("run").asText(), problems);
        }
    }

    /// An expression in a command expands to text such as a branch name, which an attacker may choose; the
    /// shell never runs the value of a variable as a command.
    private static void checkRun(String job, String run, List<String> problems) {
        var call = CALL.matcher(run);
        if (!call.matches() || (call.group("get") != null) != run.endsWith("\"$GITHUB_OUTPUT\"")) {
            problems.add(job + ": runs more than a script: " + run);
            return;
        }
        var script = Path.of(call.group("script"));
        if (!Files.isRegularFile(script) || !Files.isExecutable(script)) {
            problems.add(job + ": " + call.group("script") + " is no program here");
        }
    }
}
