package dev.meridian.infra;

import dev.meridian.infra.Config.Login;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.ecs.Secret;
import software.constructs.Construct;

/// The task that brings the schema up to date, as the owner and before the service. It makes the roles of
/// the service and of the auditors. Its execution role alone may read the owner's secret.
///
/// With IAM login one run admits both roles to tokens. With passwords the service's role must not be,
/// since it could not use a password then: so the auditors' role, which has tokens only, is made by a
/// second task.
final class MigrateStack extends PlatformStack {
    private final Containers containers;
    private final SqlAddresses addresses;

    MigrateStack(Construct scope, Config config, NetworkStack network, SqlAddresses addresses) {
        super(scope, Part.MIGRATE, config, config.home().region());
        this.containers = new Containers(this, network.logs);
        this.addresses = addresses;
        var owner = addresses.home().owner;
        var secrets = new HashMap<>(Map.of(
                "MERIDIAN_SQL_OWNER_USERNAME", Secret.fromSecretsManager(owner, "username"),
                "MERIDIAN_SQL_OWNER_PASSWORD", Secret.fromSecretsManager(owner, "password")));
        if (config.sql().login() == Login.IAM) {
            task(
                    "migrate",
                    map(
                            "MERIDIAN_SQL_IAM", "true",
                            "MERIDIAN_SQL_APP_ROLE", SqlStack.APP,
                            "MERIDIAN_SQL_AUDIT_ROLE", SqlStack.AUDITOR),
                    secrets);
            return;
        }
        task("migrate-auditor", map("MERIDIAN_SQL_IAM", "true", "MERIDIAN_SQL_AUDIT_ROLE", SqlStack.AUDITOR), secrets);
        var app = addresses.home().app;
        // A role that is new gets this password. Its clone, with which it takes turns, is made by the rotation.
        secrets.put("MERIDIAN_SQL_PASSWORD", Secret.fromSecretsManager(app, "password"));
        task("migrate", map("MERIDIAN_SQL_USERNAME", SqlStack.APP, "MERIDIAN_SQL_APP_ROLE", SqlStack.APP), secrets);
    }

    private void task(String name, Map<String, Object> more, Map<String, Secret> secrets) {
        var environment = Containers.environment(this, addresses);
        environment.putAll(more);
        var execution = containers.executionRole("Execution-" + name, names.role(name + "-execution", region));
        var role = Containers.taskRole(this, "Role-" + name, names.role(name, region));
        var task = containers.task("Task-" + name, config.name() + "-" + name, execution, role);
        Containers.add(
                task,
                name,
                containers
                        .meridian(name, List.of("-Xmx160m", "migrate"), environment)
                        .secrets(sorted(secrets))
                        .build());
    }
}
