package dev.meridian.session;

import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.Optional;

/// Guests who order without a session, and the links by which a guest opens an order again. Both come from
/// `meridian.guest.secret`, so every Region makes the same and nobody else can.
@ApplicationScoped
public class Guests {
    private static final String PREFIX = "guest-";
    private static final int ID_CHARS = 26;

    /// In mode `test` alone, where the two Regions of a test must agree.
    private static final String OF_TESTS = "a secret that everybody may know";

    private final Optional<Hmac> secret;

    Guests(GuestConfig config, ModeConfig mode) {
        this.secret = config.secret()
                .filter(text -> !text.isBlank())
                .or(() -> mode.mode().isProduction() ? Optional.empty() : Optional.of(OF_TESTS))
                .map(text -> Hmac.of("meridian.guest.secret", text.strip()));
    }

    void onStart(@Observes StartupEvent start) {
        if (secret.isEmpty()) {
            Log.warn("meridian.guest.secret is not set: orders that name no customer answer 503 until it is");
        }
    }

    static boolean isGuest(String customerId) {
        return customerId.startsWith(PREFIX);
    }

    /// The customer of an order that names none, made from the e-mail address: the same in every Region.
    ///
    /// @throws ProblemException 503 in production without a secret
    public String id(String email) {
        return PREFIX
                + secret.orElseThrow(Guests::notConfigured)
                        .sign("guest|" + email.strip().toLowerCase(Locale.ROOT))
                        .substring(0, ID_CHARS);
    }

    /// What opens one order for whoever has it, to read and not to change; empty in production without a secret.
    public Optional<String> link(String orderId) {
        return secret.map(hmac -> hmac.sign(linked(orderId)));
    }

    /// Whether a link opens an order.
    ///
    /// @param link as the client sent it, null when it sent none
    public boolean opens(String link, String orderId) {
        return link != null
                && secret.filter(hmac -> hmac.isSignature(link, linked(orderId)))
                        .isPresent();
    }

    private static String linked(String orderId) {
        return "order|" + orderId;
    }

    private static ProblemException notConfigured() {
        return new ProblemException(
                SharedProblem.GUESTS_NOT_CONFIGURED,
                "An order that names no customer needs meridian.guest.secret, which is not set.");
    }
}
