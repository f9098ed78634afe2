package dev.meridian.infra;

import java.util.Optional;
import java.util.regex.Pattern;

/// A network of IPv4.
///
/// @param address its first address
/// @param bits of the mask
record Cidr(long address, int bits) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    /// Empty when it has another form, or an address that is not the first one.
    static Optional<Cidr> of(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) return Optional.empty();
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            var part = Integer.parseInt(match.group(i));
            if (part > 255) return Optional.empty();
            address = address << 8 | part;
        }
        var bits = Integer.parseInt(match.group(5));
        if (bits > 32 || (address & hosts(bits)) != 0) return Optional.empty();
        return Optional.of(new Cidr(address, bits));
    }

    boolean overlaps(Cidr other) {
        var mask = ~hosts(Math.min(bits, other.bits));
        return (address & mask) == (other.address & mask);
    }

    boolean isPrivate() {
        return of("10.0.0.0/8").filter(this::within).isPresent()
                || of("172.16.0.0/12").filter(this::within).isPresent()
                || of("192.168.0.0/16").filter(this::within).isPresent();
    }

    private boolean within(Cidr other) {
        return bits >= other.bits && overlaps(other);
    }

    private static long hosts(int bits) {
        return (1L << 32 - bits) - 1;
    }
}
