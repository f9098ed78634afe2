package dev.meridian.web;

import dev.meridian.cart.CartItem;
import dev.meridian.shared.Money;
import io.quarkus.qute.TemplateExtension;
import java.util.List;
import java.util.Locale;

/// How pages write amounts and numbers.
@TemplateExtension
class MoneyText {
    private static final int MINOR_PER_MAJOR = 100;

    private MoneyText() {}

    /// `$1,234.50`.
    static String text(Money money) {
        return String.format(
                Locale.ROOT, "$%,d.%02d", money.minor() / MINOR_PER_MAJOR, money.minor() % MINOR_PER_MAJOR);
    }

    /// What lines of a cart cost together; in words when that is more than [Money] holds.
    static String sum(List<CartItem> lines) {
        try {
            return text(lines.stream()
                    .map(line -> line.unitPrice().times(line.quantity()))
                    .reduce(Money.ZERO, Money::plus));
        } catch (IllegalArgumentException | ArithmeticException _) {
            return "more than one order may cost";
        }
    }

    /// `1,234`.
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
