package dev.meridian.session;

import dev.meridian.session.Proof.Kind;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import java.util.Optional;

/// Who makes a request. A session, a token of the provider or an administrator's token proves who it is. Where
/// `meridian.identity` is `open`, `X-Customer-Id` is believed where it names a customer of an API, for whom no
/// session stands; else that of machines is.
///
/// An idempotency key belongs to its caller: two callers with the same key make two requests.
public final class Caller {
    /// What is wrong with a bearer.
    enum Fault {
        NONE,
        /// A session of ours no more.
        ENDED,
        /// Nothing that the provider made for us, or no longer valid.
        INVALID,
        /// The provider's keys could not be read yet.
        UNVERIFIED
    }

    /// Begins what a caller says of itself. No id of a customer does.
    private static final String SELF_NAMED = "~";

    private final Proof proof;
    private final Optional<String> visitor;
    private final Fault fault;
    private final String header;
    private final boolean isOpen;

    /// @param visitor the guest or customer whose session the request has, also where it proves more
    /// @param header the value of `X-Customer-Id`, null when it was not sent
    /// @param isOpen whether a customer whom an API names is believed
    Caller(Proof proof, Optional<String> visitor, Fault fault, String header, boolean isOpen) {
        this.proof = proof;
        this.visitor = visitor;
        this.fault = fault;
        this.header = header;
        this.isOpen = isOpen;
    }

    /// The name of the administrator whose token the request has.
    public Optional<String> administrator() {
        return Optional.of(proof.name()).filter(_ -> proof.kind() == Kind.ADMINISTRATOR);
    }

    /// The client whose own token the request has.
    public Optional<String> machine() {
        return Optional.of(proof.name()).filter(_ -> proof.isClient());
    }

    /// The guest or customer whom the request proves, by a session or a token.
    public Optional<String> visitor() {
        return visitor;
    }

    /// Whether the caller is a customer, or may name one.
    boolean isCustomerOrMachine() {
        return proof.kind() == Kind.CUSTOMER || proof.kind() == Kind.MACHINE || has(Role.OPERATOR);
    }

    /// Whether the caller is staff with a role, or an administrator.
    public boolean has(Role role) {
        return proof.roles().contains(role);
    }

    Proof proof() {
        return proof;
    }

    /// Refuses a bearer that is not valid; a session that has ended is refused where a caller is needed.
    ///
    /// @throws ProblemException 401, or 503 while no token can be verified
    void requireVerified() {
        if (fault == Fault.INVALID) {
            throw new ProblemException(
                    SharedProblem.INVALID_TOKEN, "The bearer token is not one of the provider's for this service.");
        }
        if (fault == Fault.UNVERIFIED) {
            throw ProblemException.unavailable("The keys of the OpenID provider", null);
        }
    }

    /// The guest whose session the request has.
    ///
    /// @throws ProblemException 401 when the bearer is a session that has ended
    Optional<String> guest() {
        requireSession();
        return visitor.filter(Sessions::isVisitor);
    }

    private void requireSession() {
        requireVerified();
        if (fault == Fault.ENDED) {
            throw new ProblemException(
                    SharedProblem.UNAUTHENTICATED, "The session has ended: POST /sessions begins one.");
        }
    }

    /// This caller, unless it is nobody who could own anything.
    ///
    /// @throws ProblemException 401 when it proves nothing where a proof is needed
    public Caller known() {
        requireVerified();
        if (!isOpen && proof.kind() == Kind.NOBODY) throw unknown();
        return this;
    }

    private ProblemException unknown() {
        requireSession();
        return new ProblemException(
                SharedProblem.UNAUTHENTICATED, "Send Authorization: Bearer with a session or an access token.");
    }

    /// Whom the caller acts for: the customer that `X-Customer-Id` names, else the guest or customer whom the
    /// request proves.
    ///
    /// @throws ProblemException 400 when the header is not an id, 401 when the bearer is a session that has ended,
    ///     or when nobody names somebody, 403 when the header names one that the caller may not act for
    public Optional<String> customerId() {
        requireSession();
        if (proof.kind() == Kind.OTHER_CLIENT) {
            throw new ProblemException(SharedProblem.FORBIDDEN, "The client lacks the scope of machines.");
        }
        var named = CustomerIds.fromHeader(header);
        if (named.isEmpty()) return visitor;
        if (mayActFor(named.get())) return named;
        if (!isOpen && proof.kind() == Kind.NOBODY) throw unknown();
        throw new ProblemException(
                SharedProblem.FORBIDDEN,
                CustomerIds.HEADER + " names a customer whom the caller does not prove to act for.");
    }

    /// The same for a note of who called, which no request fails for: nobody where it is not clear.
    public Optional<String> noted() {
        try {
            return customerId();
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    /// Whether the caller may read and change what belongs to a customer: the customer itself, a machine that names
    /// it in `X-Customer-Id`, administrators and operators. A visitor is named by nobody. Where identity is open,
    /// customers who are no visitors prove nothing and are believed.
    public boolean mayActFor(String customerId) {
        if (visitor.filter(customerId::equals).isPresent() || has(Role.OPERATOR)) return true;
        if (Sessions.isVisitor(customerId)) return false;
        return isOpen || proof.kind() == Kind.MACHINE && customerId.equals(header);
    }

    /// Whether the caller may read it: support may, too.
    public boolean mayRead(String customerId) {
        return mayActFor(customerId) || has(Role.SUPPORT);
    }

    /// Refuses what [#mayActFor] denies, as if the customer were not there.
    ///
    /// @return the customer's id
    /// @throws ProblemException 401 when the bearer is a session that has ended or the caller is nobody, 404 when
    ///     the caller may not
    public String actingFor(String customerId) {
        if (mayActFor(customerId)) return customerId;
        throw denied();
    }

    /// Refuses a cart that the caller may not empty into another. A machine may move one that belongs to nobody whom a
    /// session or a token proves: that of a session of its own.
    ///
    /// @return the cart's id
    /// @throws ProblemException as [#actingFor]
    public String movingFrom(String cart) {
        return proof.kind() == Kind.MACHINE && !Sessions.isVisitor(cart) && !Proof.isSignedIn(cart)
                ? cart
                : actingFor(cart);
    }

    /// Refuses what [#mayRead] denies, as [#actingFor].
    ///
    /// @return the customer's id
    /// @throws ProblemException as [#actingFor]
    public String readingOf(String customerId) {
        if (mayRead(customerId)) return customerId;
        throw denied();
    }

    private ProblemException denied() {
        requireSession();
        return !isOpen && proof.kind() == Kind.NOBODY
                ? unknown()
                : new ProblemException(SharedProblem.NOT_FOUND, "There is nothing here for this caller.");
    }

    /// The key of a request, as one of its caller: other callers have another one.
    ///
    /// @param key as the client sent it
    /// @param self who the caller is by its own words, where [#customerId] knows none
    /// @return 26 characters, the same for the same caller and key in every Region
    /// @throws ProblemException as [#customerId], when there is a key
    public Optional<String> key(Optional<String> key, String self) {
        return key.map(value -> Ids.derive("key", customerId().orElseGet(() -> nameOfOwn(self)), value));
    }

    private String nameOfOwn(String self) {
        return SELF_NAMED + machine().map(client -> client + SELF_NAMED + self).orElse(self);
    }
}
