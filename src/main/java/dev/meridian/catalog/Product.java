package dev.meridian.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.shared.Money;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A product of the catalog.
///
/// @param id the product
/// @param name 1 to 200 characters
/// @param description up to 4,000 characters
/// @param price the price of one unit
/// @param stock units left, 0 or more; null when there is no limit
/// @param imageUrl a picture, a path on this service or an https address
/// @param tags its tags by display name
/// @param etag its entity tag: a hash of all the above, so no two states share one; not in JSON
@Schema(name = "Product")
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Product(
        @Schema(examples = "nap-hammock") String id,
        @Schema(examples = "Wyvern Nap Hammock") String name,
        @Schema(examples = "Two oaks apart, one nap long.") String description,

        @Schema(
                type = SchemaType.NUMBER,
                implementation = Object.class,
                description = "In the major unit of the currency; an integer when it is whole.",
                examples = {"225", "19.5"})
        Money price,

        @Schema(description = "Units left; null: no limit.", nullable = true, examples = "12")
        Integer stock,

        @Schema(examples = "/assets/products/nap-hammock.svg")
        String imageUrl,

        List<Tag> tags,
        @JsonIgnore String etag) {
    public Product {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(description);
        Objects.requireNonNull(price);
        Objects.requireNonNull(etag);
        if (stock != null && stock < 0) throw new IllegalArgumentException("Stock is 0 or more");
        tags = List.copyOf(tags);
    }

    PricedProduct priced() {
        return new PricedProduct(id, name, price, Optional.empty());
    }
}
