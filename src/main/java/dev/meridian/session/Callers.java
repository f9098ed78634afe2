package dev.meridian.session;

import dev.meridian.http.AdminTokens;
import dev.meridian.oidc.InvalidTokenException;
import dev.meridian.oidc.ProviderTokens;
import dev.meridian.session.Caller.Fault;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Resolves who calls, once for each request, for quotas, APIs and pages. Only this class does.
@ApplicationScoped
public class Callers {
    private static final String KEY = "meridian.caller";
    private static final String BEARER = "Bearer ";

    private final Sessions sessions;
    private final AdminTokens tokens;
    private final ProviderTokens provider;
    private final boolean isOpen;
    private final Caller nobody;

    Callers(Sessions sessions, AdminTokens tokens, ProviderTokens provider, IdentityConfig config) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.provider = provider;
        this.isOpen = !config.isOidc();
        this.nobody = new Caller(Proof.NOTHING, Optional.empty(), Fault.NONE, null, isOpen);
    }

    void onStart(@Observes StartupEvent start) {
        if (!isOpen) provider.begin();
    }

    /// Whether a customer whom an API names is believed.
    boolean isOpen() {
        return isOpen;
    }

    /// The caller of the request that this thread has begun to answer.
    public Caller current() {
        return of(CurrentRequestManager.get().unwrap(RoutingContext.class));
    }

    /// The owner of what this request changes, if the current caller may act for it.
    ///
    /// @return the id
    /// @throws ProblemException as [Caller#actingFor]
    public String actingFor(String customerId) {
        return current().actingFor(customerId);
    }

    /// The cart that this request empties into another, if the current caller may.
    ///
    /// @return the id
    /// @throws ProblemException as [Caller#actingFor]
    public String movingFrom(String cart) {
        return current().movingFrom(cart);
    }

    /// The owner of what this request reads, if the current caller may read it.
    ///
    /// @return the id
    /// @throws ProblemException as [Caller#readingOf]
    public String readingOf(String customerId) {
        return current().readingOf(customerId);
    }

    /// Whether the current caller may see what is not for strangers. Nothing fails for want of a token.
    public boolean isOperator() {
        return current().has(Role.OPERATOR) || isOpen && tokens.admitEverybody();
    }

    /// Refuses who is no staff with a role.
    ///
    /// @return the name of the caller, for the audit log
    /// @throws ProblemException 401 when the caller is nobody, 403 when it is somebody else
    String staff(Role role) {
        var caller = current();
        caller.requireVerified();
        if (caller.has(role)) return caller.proof().name();
        if (isOpen) return tokens.name(authorization());
        throw caller.proof() == Proof.NOTHING
                ? new ProblemException(
                        SharedProblem.UNAUTHENTICATED,
                        "Send Authorization: Bearer with the token of a " + role.group() + ".")
                : new ProblemException(SharedProblem.FORBIDDEN, "This is for the role " + role.group() + ".");
    }

    /// Refuses who is not support, unless identity is open: for a part of an endpoint that is for more callers.
    ///
    /// @throws ProblemException as [SupportOnly]
    public void requireSupport() {
        if (!isOpen) staff(Role.SUPPORT);
    }

    /// Whether the current caller may see tickets.
    public boolean isSupport() {
        return isOpen || current().has(Role.SUPPORT);
    }

    /// Refuses who is neither a customer nor a machine, unless identity is open.
    ///
    /// @throws ProblemException 401 when the caller is nobody or a guest, 403 when it is another client
    void requireCustomer() {
        var caller = current();
        caller.requireVerified();
        if (isOpen || caller.isCustomerOrMachine()) return;
        throw caller.machine().isPresent()
                ? new ProblemException(SharedProblem.FORBIDDEN, "The client lacks the scope of machines.")
                : new ProblemException(SharedProblem.UNAUTHENTICATED, "This is for customers who have signed in.");
    }

    private static String authorization() {
        return CurrentRequestManager.get()
                .unwrap(RoutingContext.class)
                .request()
                .getHeader(HttpHeaders.AUTHORIZATION);
    }

    /// The caller of a request; never fails.
    public Caller of(RoutingContext context) {
        Caller known = context.get(KEY);
        if (known != null) return known;
        var caller = of(context.request());
        context.put(KEY, caller);
        return caller;
    }

    Caller of(HttpServerRequest request) {
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        var header = request.getHeader(CustomerIds.HEADER);
        if (authorization == null && header == null && !request.headers().contains(HttpHeaders.COOKIE)) return nobody;
        if (Sessions.bearer(authorization).isPresent()) {
            var proof = sessions.proof(request);
            return caller(proof.orElse(Proof.NOTHING), proof, proof.isPresent() ? Fault.NONE : Fault.ENDED, header);
        }
        var administrator = tokens.owner(authorization);
        if (administrator.isPresent()) {
            return caller(Proof.administrator(administrator.get()), sessions.proof(request), Fault.NONE, header);
        }
        if (!isOpen && isBearer(authorization)) return ofProvider(authorization, header);
        var proof = sessions.proof(request);
        return caller(proof.orElse(Proof.NOTHING), proof, Fault.NONE, header);
    }

    private Caller ofProvider(String authorization, String header) {
        if (!provider.hasKeys()) return caller(Proof.NOTHING, Optional.empty(), Fault.UNVERIFIED, header);
        try {
            var token = provider.access(authorization.substring(BEARER.length()).strip());
            var proof = Proof.of(token);
            return caller(proof, Optional.of(proof), Fault.NONE, header);
        } catch (InvalidTokenException _) {
            return caller(Proof.NOTHING, Optional.empty(), Fault.INVALID, header);
        }
    }

    private Caller caller(Proof proof, Optional<Proof> person, Fault fault, String header) {
        return new Caller(proof, person.filter(Proof::isPerson).map(Proof::name), fault, header, isOpen);
    }

    private static boolean isBearer(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }
}
