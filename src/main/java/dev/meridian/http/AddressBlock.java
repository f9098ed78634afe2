package dev.meridian.http;

import java.net.InetAddress;
import java.util.Optional;

/// The IP addresses with the same first bits.
///
/// @param first with those bits; the others do not matter
/// @param bits how many
record AddressBlock(InetAddress first, int bits) {
    /// Reads `10.0.0.0/16`, `2001:db8::/32` or one address; empty when it is none of them.
    static Optional<AddressBlock> of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) return address(text).map(one -> new AddressBlock(one, one.getAddress().length * Byte.SIZE));
        try {
            int bits = Integer.parseInt(text.substring(slash + 1));
            return address(text.substring(0, slash))
                    .filter(first -> bits >= 0 && bits <= first.getAddress().length * Byte.SIZE)
                    .map(first -> new AddressBlock(first, bits));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// Reads an address without asking for a name; empty when it is none.
    static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        var own = first.getAddress();
        var other = address.getAddress();
        if (own.length != other.length) return false;
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            int compared = Math.min(Byte.SIZE, bits - bit);
            int differing = (own[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & 0xFF;
            if (differing >>> Byte.SIZE - compared != 0) return false;
        }
        return true;
    }
}
