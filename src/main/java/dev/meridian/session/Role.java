package dev.meridian.session;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What staff may do; the names of the provider's groups, in lower case.
public enum Role {
    /// Reads what belongs to customers, cancels their orders, works on tickets.
    SUPPORT,
    /// Changes products.
    CATALOG,
    /// Runs the service, and may do what an administrator's token may.
    OPERATOR;

    String group() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param groups of which others mean nothing here
    static Set<Role> of(Collection<String> groups) {
        var roles = EnumSet.noneOf(Role.class);
        for (var role : values()) if (groups.contains(role.group())) roles.add(role);
        return Set.copyOf(roles);
    }
}
