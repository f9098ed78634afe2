package dev.meridian.session;

import dev.meridian.oidc.OidcConfig;
import dev.meridian.oidc.SignInFlow;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.arc.Arc;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Signs the visitor of a page in and out. The provider says who somebody is; from then on a session of ours does,
/// so that no request needs the provider, in any Region.
@ApplicationScoped
public class SignIns {
    /// Where the provider sends browsers back to.
    public static final String RETURN = "/sign-in/return";

    private static final String STATE_COOKIE = "meridian-sign-in";
    private static final String GUEST_COOKIE = "meridian-guest";

    private final Sessions sessions;
    private final EndedSessions ended;
    private final SignInFlow flow;
    private final OidcConfig config;
    private final Callers callers;
    private final Visitor visitor;

    SignIns(
            Sessions sessions,
            EndedSessions ended,
            SignInFlow flow,
            OidcConfig config,
            Callers callers,
            Visitor visitor) {
        this.sessions = sessions;
        this.ended = ended;
        this.flow = flow;
        this.config = config;
        this.callers = callers;
        this.visitor = visitor;
    }

    /// Whether people sign in here.
    public boolean isOffered() {
        return !callers.isOpen();
    }

    /// Whether the visitor of the page has signed in; not so where there is no page.
    public boolean isSignedIn() {
        return Arc.container().requestContext().isActive() && visitor.isSignedIn();
    }

    /// Begins a sign-in of the visitor.
    ///
    /// @param returnTo where the browser goes afterwards; what is no path of ours is `/`
    /// @return the address of the provider
    /// @throws ProblemException 404 where nobody signs in, 503 while the provider is away
    public Uni<String> begin(String returnTo) {
        requireOffered();
        var request = request();
        var state = sessions.beginSignIn(SignInState.path(returnTo));
        return flow.address(asked(state, request)).invoke(_ -> {
            visitor.keep(sessions.cookie(STATE_COOKIE, state.signed(), sessions.signInWithin(), request));
            visitor.leave();
        });
    }

    /// Signs the visitor in who comes back from the provider.
    ///
    /// @param code that the provider gave; null when it refused
    /// @param state as it came back
    /// @return where the browser goes now
    /// @throws ProblemException 400 when this browser has begun no such sign-in, or too long ago; 404, 503
    ///     as [#begin]
    public Uni<String> complete(String code, String state) {
        requireOffered();
        var request = request();
        var begun = sessions.cookies(STATE_COOKIE, request)
                .flatMap(cookie -> sessions.signIn(cookie).stream())
                .filter(known -> known.state().equals(state))
                .findFirst()
                .orElseThrow(SignIns::unknown);
        visitor.keep(sessions.cookie(STATE_COOKIE, "", Duration.ZERO, request));
        if (code == null || code.isEmpty()) return Uni.createFrom().item(begun.returnTo());
        return flow.complete(asked(begun, request), code).map(token -> {
            var proof = Proof.of(token);
            if (!proof.isPerson()) throw unknown();
            Log.infof("signed in customer=%s roles=%s", proof.name(), proof.roles());
            var guest = callers.of(context()).visitor().filter(Sessions::isVisitor);
            visitor.signIn(sessions.begin(proof));
            if (guest.isEmpty()) return begun.returnTo();
            visitor.keep(sessions.cookie(
                    GUEST_COOKIE, sessions.signed(sessions.begin(guest.get())), sessions.guestLifetime(), request));
            return "/sign-in/cart?return=" + URLEncoder.encode(begun.returnTo(), StandardCharsets.UTF_8);
        });
    }

    /// The guest that the visitor was before it signed in, until [#forgetGuest].
    public Optional<String> guest() {
        return visitor.isSignedIn()
                ? sessions.cookies(GUEST_COOKIE, request())
                        .flatMap(cookie -> sessions.proof(cookie).stream())
                        .map(Proof::name)
                        .filter(Sessions::isVisitor)
                        .findFirst()
                : Optional.empty();
    }

    /// Forgets the guest: what was the guest's is the customer's now.
    public void forgetGuest() {
        visitor.keep(sessions.cookie(GUEST_COOKIE, "", Duration.ZERO, request()));
    }

    /// A path of ours, whatever a browser brings.
    ///
    /// @return `/` for what is none
    public static String path(String wanted) {
        return SignInState.path(wanted);
    }

    /// Ends the session of the visitor, in all Regions. Who has none stays as it is.
    ///
    /// @throws ProblemException 503 when the end could not be stored: then the visitor is still signed in
    public Uni<Void> end() {
        var session = sessions.signedIn(request());
        if (session.isEmpty()) return Uni.createFrom().voidItem();
        return ended.end(session.get().id(), sessions.end(session.get()))
                .invoke(() -> visitor.is(sessions.newCustomer(), false));
    }

    private SignInFlow.Request asked(SignInState state, HttpServerRequest request) {
        var address = config.publicUrl()
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .orElseGet(() -> (sessions.isSecure(request) ? "https://" : "http://") + request.authority());
        return new SignInFlow.Request(address + RETURN, state.state(), state.nonce(), state.verifier());
    }

    private void requireOffered() {
        if (!isOffered()) throw new ProblemException(SharedProblem.NOT_FOUND, "Nobody signs in here.");
    }

    private static ProblemException unknown() {
        return new ProblemException(
                SharedProblem.SIGN_IN_NOT_FINISHED, "The sign-in was not finished. Please sign in again.");
    }

    private static RoutingContext context() {
        return CurrentRequestManager.get().unwrap(RoutingContext.class);
    }

    private static HttpServerRequest request() {
        return context().request();
    }
}
