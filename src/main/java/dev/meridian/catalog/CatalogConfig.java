package dev.meridian.catalog;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds of the catalog.
@ConfigMapping(prefix = "meridian.catalog")
interface CatalogConfig {
    /// Most products on one page of a list or a search.
    @WithDefault("100")
    @Min(1)
    @Max(1000)
    int pageSizeMax();

    /// Most tags in the answer of the list of tags.
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int tagListMax();

    /// Most tags that a filter may name.
    @WithDefault("50")
    @Min(1)
    @Max(1000)
    int tagFilterMax();

    /// Most tags that one product may carry.
    @WithDefault("20")
    @Min(1)
    @Max(100)
    int tagsPerProductMax();

    /// Largest stock of a product, in units.
    @WithDefault("1000000000")
    @Min(0)
    @Max(2_000_000_000)
    int stockMax();

    /// Longest keyword of a search, in characters.
    @WithDefault("100")
    @Min(1)
    @Max(1000)
    int keywordLengthMax();

    /// Least similarity of a mistyped keyword to a word of a product's name, in percent of their trigrams.
    @WithDefault("25")
    @Min(10)
    @Max(100)
    int nameSimilarityPercent();

    /// Least similarity of a mistyped keyword to a part of a product's description, in percent of the
    /// keyword's trigrams.
    @WithDefault("50")
    @Min(10)
    @Max(100)
    int descriptionSimilarityPercent();

    /// How long a change of a product stays in `catalog-journal`. Longer than any failover is found late.
    @WithDefault("30d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration journalKept();

    /// Entries of `catalog-journal` that are open for longer than this belong to nobody: they are closed if
    /// SQL has them, else removed. Longer than a statement may take.
    @WithDefault("1m")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration journalGrace();

    /// How long carts and orders use a price from memory before it is read again.
    @WithDefault("5s")
    Duration priceFresh();

    /// How many prices this process keeps in memory, for use while PostgreSQL cannot be read.
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int pricesKept();

    /// How long prices come from memory, after PostgreSQL could not be read, before it is asked again.
    @WithDefault("1s")
    Duration priceRetryPause();
}
