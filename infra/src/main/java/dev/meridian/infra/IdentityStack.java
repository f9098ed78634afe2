package dev.meridian.infra;

import dev.meridian.infra.Config.IdentityKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.constructs.Construct;

/// A user pool of Cognito: people who sign in, the groups that are roles, a client for browsers and one for machines.
/// It is in one Region. While that one is lost nobody signs in; who has signed in goes on, since keys are cached.
final class IdentityStack extends PlatformStack {
    /// The groups of staff (`session`): each is a role.
    static final List<String> ROLES = List.of("support", "catalog", "operator");

    /// Where the provider sends a browser back to.
    static final String CALLBACK = "/sign-in/return";

    /// The scope of machines, below the name of the store.
    private static final String MACHINE = "machine";

    private static final String ISSUER = "Issuer";
    private static final String CLIENT = "ClientId";
    private static final String MACHINE_CLIENT = "MachineClientId";

    IdentityStack(Construct scope, Config config) {
        super(scope, Part.IDENTITY, config, config.home().region());
        var pool = pool();
        for (var role : ROLES) {
            resource(
                    "Group-" + role,
                    "AWS::Cognito::UserPoolGroup",
                    map("UserPoolId", pool.getRef(), "GroupName", role, "Description", "Staff with the role " + role));
        }
        resource(
                "Domain",
                "AWS::Cognito::UserPoolDomain",
                map("UserPoolId", pool.getRef(), "Domain", config.identity().domain()));
        var scopes = resource(
                "Scopes",
                "AWS::Cognito::UserPoolResourceServer",
                map(
                        "UserPoolId",
                        pool.getRef(),
                        "Identifier",
                        config.name(),
                        "Name",
                        config.name(),
                        "Scopes",
                        List.of(map("ScopeName", MACHINE, "ScopeDescription", "Acts for the customer whom it names"))));
        output(ISSUER, pool.getAtt("ProviderURL").toString());
        output(CLIENT, browser(pool).getRef());
        output(MACHINE_CLIENT, machine(pool, scopes).getRef());
    }

    /// A second factor is each person's choice: a pool cannot require it of staff alone. Threat protection is only in
    /// the
    /// plan Plus, at three times the price for each customer.
    private CfnResource pool() {
        var pool = resource(
                "Users",
                "AWS::Cognito::UserPool",
                map(
                        "UserPoolName",
                        config.name(),
                        "UserPoolTier",
                        "ESSENTIALS",
                        "DeletionProtection",
                        "ACTIVE",
                        "UsernameAttributes",
                        List.of("email"),
                        "UsernameConfiguration",
                        map("CaseSensitive", false),
                        "AutoVerifiedAttributes",
                        List.of("email"),
                        "UserAttributeUpdateSettings",
                        map("AttributesRequireVerificationBeforeUpdate", List.of("email")),
                        "AccountRecoverySetting",
                        map("RecoveryMechanisms", List.of(map("Name", "verified_email", "Priority", 1))),
                        "MfaConfiguration",
                        "OPTIONAL",
                        "EnabledMfas",
                        List.of("SOFTWARE_TOKEN_MFA"),
                        "Policies",
                        map(
                                "PasswordPolicy",
                                map(
                                        "MinimumLength",
                                        12,
                                        "RequireLowercase",
                                        true,
                                        "RequireNumbers",
                                        true,
                                        "RequireSymbols",
                                        true,
                                        "RequireUppercase",
                                        true,
                                        "TemporaryPasswordValidityDays",
                                        1)),
                        "UserPoolTags",
                        Map.of("service", config.name())));
        pool.applyRemovalPolicy(RemovalPolicy.RETAIN);
        return pool;
    }

    /// Public: the code of a sign-in is worth nothing without the verifier (PKCE), which the service keeps.
    private CfnResource browser(CfnResource pool) {
        var store = "https://" + config.zone().name();
        return client(
                "Store",
                pool,
                map(
                        "GenerateSecret",
                        false,
                        "AllowedOAuthFlows",
                        List.of("code"),
                        "AllowedOAuthScopes",
                        List.of("openid", "email"),
                        "CallbackURLs",
                        List.of(store + CALLBACK),
                        "LogoutURLs",
                        List.of(store + "/"),
                        "SupportedIdentityProviders",
                        List.of("COGNITO"),
                        "ExplicitAuthFlows",
                        List.of("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"),
                        "AccessTokenValidity",
                        60,
                        "IdTokenValidity",
                        60,
                        "TokenValidityUnits",
                        map("AccessToken", "minutes", "IdToken", "minutes")));
    }

    private CfnResource machine(CfnResource pool, CfnResource scopes) {
        var client = client(
                "Machine",
                pool,
                map(
                        "GenerateSecret",
                        true,
                        "AllowedOAuthFlows",
                        List.of("client_credentials"),
                        "AllowedOAuthScopes",
                        List.of(config.name() + "/" + MACHINE),
                        "ExplicitAuthFlows",
                        List.of("ALLOW_REFRESH_TOKEN_AUTH"),
                        "AccessTokenValidity",
                        15,
                        "TokenValidityUnits",
                        map("AccessToken", "minutes")));
        client.getNode().addDependency(scopes);
        return client;
    }

    private CfnResource client(String id, CfnResource pool, Map<String, Object> more) {
        var all = map(
                "UserPoolId",
                pool.getRef(),
                "ClientName",
                config.name() + "-" + id.toLowerCase(java.util.Locale.ROOT),
                "AllowedOAuthFlowsUserPoolClient",
                true,
                "EnableTokenRevocation",
                true,
                "PreventUserExistenceErrors",
                "ENABLED");
        all.putAll(more);
        return resource("Client-" + id, "AWS::Cognito::UserPoolClient", all);
    }

    /// What a task must know of it, in whichever Region.
    static Map<String, Object> settings(PlatformStack stack) {
        var identity = stack.config.identity();
        var settings = new HashMap<String, Object>();
        settings.put("MERIDIAN_IDENTITY", identity.kind() == IdentityKind.OPEN ? "open" : "oidc");
        if (identity.kind() == IdentityKind.OIDC) {
            settings.put("MERIDIAN_OIDC_ISSUER", identity.issuer());
            settings.put("MERIDIAN_OIDC_CLIENT_ID", identity.client());
        }
        if (identity.kind() == IdentityKind.COGNITO) {
            settings.put("MERIDIAN_OIDC_ISSUER", output(stack, ISSUER));
            settings.put("MERIDIAN_OIDC_CLIENT_ID", output(stack, CLIENT));
            settings.put("MERIDIAN_OIDC_CLIENTS", output(stack, MACHINE_CLIENT));
            settings.put("MERIDIAN_OIDC_SCOPE_PREFIX", stack.config.name() + "/");
        }
        if (identity.kind() != IdentityKind.OPEN)
            settings.put(
                    "MERIDIAN_OIDC_PUBLIC_URL", "https://" + stack.config.zone().name());
        return settings;
    }

    private static String output(PlatformStack stack, String id) {
        var home = stack.config.home().region();
        return Fn.getStackOutput(stack.names.stack(Part.IDENTITY, home), id, home);
    }
}
