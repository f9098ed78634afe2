package dev.meridian.checkout;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.shared.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What the customer has agreed to, as far as the client says: that is ordered, or nothing.
@RegisterForReflection
@Schema(name = "CheckoutSubmit")
record SubmitRequest(
        @JsonAlias("paymentId")
        @Schema(
                description = "The paymentId of the checkout, also taken under that name.",
                examples = "01KAH3V3W8Q7J2Z5N0R4T6Y8XB")
        String checkoutId,

        @Schema(description = "Its total.", examples = "73.5")
        BigDecimal total) {

    /// @param body JSON, or empty: then nothing is said
    /// @throws IOException when it is not JSON, or has a wrong type
    static SubmitRequest of(byte[] body, ObjectMapper json) throws IOException {
        var read = body == null || body.length == 0 ? null : json.readValue(body, SubmitRequest.class);
        return read == null ? new SubmitRequest(null, null) : read;
    }

    /// The problem, if this is not what the client has agreed to.
    Optional<ProblemException> disagreement(CheckoutView found) {
        if (checkoutId != null && !checkoutId.equals(found.paymentId())) {
            return Optional.of(CheckoutProblem.checkoutChanged(found));
        }
        boolean isOtherTotal = total != null && total.compareTo(found.total().toMajor()) != 0;
        return isOtherTotal ? Optional.of(CheckoutProblem.priceChanged(found)) : Optional.empty();
    }
}
