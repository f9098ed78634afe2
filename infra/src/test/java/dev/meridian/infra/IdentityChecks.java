package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Who may call: what tasks are told, and the user pool.
final class IdentityChecks {
    static final String POOL = "AWS::Cognito::UserPool";
    static final String CLIENT = "AWS::Cognito::UserPoolClient";
    private static final Set<String> FLOWS = Set.of("code", "client_credentials");

    private IdentityChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis
                .resources(ServiceChecks.TASK)
                .forEach(task -> task.at("ContainerDefinitions").forEach(container -> told(task, container, found)));
        synthesis.resources(CLIENT).forEach(client -> client(client, found));
        synthesis.resources(POOL).forEach(pool -> pool(synthesis, pool, found));
    }

    /// The container of the service; it is the one that takes requests.
    static boolean serves(JsonNode container) {
        for (var mapping : container.path("PortMappings")) {
            if (mapping.path("ContainerPort").asInt() == ServiceTask.PORT) return true;
        }
        return false;
    }

    private static void told(Resource task, JsonNode container, Consumer<Finding> found) {
        if (!serves(container)) return;
        var settings = new HashMap<String, String>();
        for (var variable : container.path("Environment")) {
            settings.put(
                    variable.path("Name").asText(),
                    Resource.text(variable.path("Value"), task.stack().region()));
        }
        var identity = settings.getOrDefault("MERIDIAN_IDENTITY", "");
        if (!Set.of("open", "oidc").contains(identity)) {
            found.accept(task.finding("identity", "does not start: MERIDIAN_IDENTITY is " + identity));
        }
        for (var needed : new String[] {"MERIDIAN_OIDC_ISSUER", "MERIDIAN_OIDC_CLIENT_ID"}) {
            boolean given = !settings.getOrDefault(needed, "").isEmpty();
            if (given != identity.equals("oidc")) {
                found.accept(task.finding("identity", needed + " with MERIDIAN_IDENTITY " + identity));
            }
        }
    }

    private static void client(Resource client, Consumer<Finding> found) {
        for (var flow : client.at("AllowedOAuthFlows")) {
            if (!FLOWS.contains(flow.asText()))
                found.accept(client.finding("sign-in", "puts tokens into addresses: flow " + flow.asText()));
        }
        for (var list : new String[] {"CallbackURLs", "LogoutURLs"}) {
            for (var url : client.at(list)) {
                if (!Resource.text(url, client.stack().region()).startsWith("https://"))
                    found.accept(client.finding("sign-in", "sends people to " + url.asText()));
            }
        }
        if (!client.text("PreventUserExistenceErrors").equals("ENABLED"))
            found.accept(client.finding("sign-in", "tells strangers who has an account"));
    }

    private static void pool(Synthesis synthesis, Resource pool, Consumer<Finding> found) {
        if (!pool.text("DeletionProtection").equals("ACTIVE"))
            found.accept(pool.finding("pool-protection", "can be deleted"));
        if (!pool.json().path("DeletionPolicy").asText().equals("Retain"))
            found.accept(pool.finding("pool-retain", "goes with its stack"));
        var groups = new TreeSet<String>();
        synthesis.resources("AWS::Cognito::UserPoolGroup").forEach(group -> groups.add(group.text("GroupName")));
        if (!groups.equals(new TreeSet<>(IdentityStack.ROLES)))
            found.accept(pool.finding("roles", "the groups are " + groups));
    }
}
