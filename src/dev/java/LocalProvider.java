import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;

/**
 * The OpenID provider of dev mode and of the tests, where meridian.identity is oidc: discovery, a page to sign in, codes with PKCE,
 * keys. Its people are samples: whoever chooses one on the page is that one. It must never be part of the product.
 */
final class LocalProvider {
    private static final String NAME = "meridian";
    private static final String CLIENT = "meridian";
    private static final String MACHINE = "meridian-machine";

    /** A person; the name is the subject of the tokens, and stays. */
    private record Person(String name, String groups) {
        String claims() {
            return "{\"email\":\"%s@example.com\",\"email_verified\":true%s}"
                    .formatted(name, groups.isEmpty() ? "" : ",\"cognito:groups\":[\"" + groups + "\"]");
        }

        String form() {
            return """
                    <form method="post">
                      <input type="hidden" name="username" value="%s">
                      <input type="hidden" name="claims" value="%s">
                      <button>%s</button>%s
                    </form>
                    """.formatted(
                    name, claims().replace("\"", "&quot;"), name, groups.isEmpty() ? "" : " in the group " + groups);
        }
    }

    private static final List<Person> PEOPLE = List.of(
            new Person("customer", ""),
            new Person("another-customer", ""),
            new Person("support", "support"),
            new Person("catalog", "catalog"),
            new Person("operator", "operator"));

    private LocalProvider() {}

    /** Serves on a port, 0 for any, and says where in provider.properties. */
    static void start(Path dir, int port) throws IOException {
        var page = Files.writeString(dir.resolve("sign-in.html"), page());
        var server = new MockOAuth2Server(OAuth2Config.Companion.fromJson(config(page)));
        server.start(InetAddress.getByName("localhost"), port);
        Path tmp = Files.write(
                dir.resolve("provider.properties.tmp"),
                List.of("meridian.oidc.issuer=" + server.issuerUrl(NAME), "meridian.oidc.client-id=" + CLIENT));
        Files.move(tmp, dir.resolve("provider.properties"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A code and a refresh token are of a person, who the page says; a machine has a token of its own. */
    private static String config(Path page) {
        return """
                {
                  "interactiveLogin": true,
                  "loginPagePath": "%s",
                  "tokenCallbacks": [{
                    "issuerId": "%s",
                    "tokenExpiry": 3600,
                    "requestMappings": [
                      {"requestParam": "grant_type", "match": "client_credentials", "claims": {
                        "sub": "%s", "aud": ["%s"], "client_id": "%s", "scope": "meridian/machine"}},
                      {"requestParam": "grant_type", "match": "*", "claims": {
                        "aud": ["%s"], "client_id": "%s", "scope": "openid"}}
                    ]
                  }]
                }
                """.formatted(
                page.toAbsolutePath().toString().replace("\\", "/"), NAME, MACHINE, CLIENT, MACHINE, CLIENT, CLIENT);
    }

    private static String page() {
        var forms = new StringBuilder();
        PEOPLE.forEach(person -> forms.append(person.form()));
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Sign in</title></head>
                <body>
                <h1>Sign in as</h1>
                %s</body>
                </html>
                """.formatted(forms);
    }
}
