package dev.meridian.session;

import dev.meridian.oidc.ProviderToken;
import dev.meridian.shared.Ids;
import java.util.Set;

/// What a request proves about who makes it.
///
/// @param kind NOBODY for a request that proves nothing
/// @param name the customer id of a guest or customer, the name of an administrator or machine; empty for nobody
/// @param roles of a customer who is staff
record Proof(Kind kind, String name, Set<Role> roles) {
    enum Kind {
        NOBODY,
        /// A visitor with a session.
        GUEST,
        /// A person whom the provider knows.
        CUSTOMER,
        /// A client that acts for the customers whom it names.
        MACHINE,
        /// A client without the scope for that.
        OTHER_CLIENT,
        /// One of `meridian.admin.tokens`, which has all roles.
        ADMINISTRATOR
    }

    private static final String CUSTOMERS = "u-";
    /// Begins what is made from a subject that is no id; no subject that is used as it is begins so.
    private static final String MADE = ":";

    private static final int SUBJECT_MAX = 100;
    private static final String MACHINE_SCOPE = "machine";

    static final Proof NOTHING = new Proof(Kind.NOBODY, "", Set.of());

    static Proof guest(String id) {
        return new Proof(Kind.GUEST, id, Set.of());
    }

    static Proof administrator(String name) {
        return new Proof(Kind.ADMINISTRATOR, name, Set.of(Role.values()));
    }

    static Proof of(ProviderToken token) {
        if (!token.isMachine()) return new Proof(Kind.CUSTOMER, customerId(token.subject()), Role.of(token.groups()));
        var kind = token.scopes().contains(MACHINE_SCOPE) ? Kind.MACHINE : Kind.OTHER_CLIENT;
        return new Proof(kind, token.client().isEmpty() ? token.subject() : token.client(), Set.of());
    }

    /// The customer id of a subject: no other subject of the provider has it.
    static String customerId(String subject) {
        boolean isId = Ids.isValid(subject) && subject.length() <= SUBJECT_MAX && !subject.startsWith(MADE);
        return CUSTOMERS + (isId ? subject : MADE + Ids.derive("subject", subject));
    }

    /// Whether a customer id is that of somebody who signs in.
    static boolean isSignedIn(String customerId) {
        return customerId.startsWith(CUSTOMERS);
    }

    boolean isPerson() {
        return kind == Kind.GUEST || kind == Kind.CUSTOMER;
    }

    boolean isClient() {
        return kind == Kind.MACHINE || kind == Kind.OTHER_CLIENT;
    }
}
