package dev.meridian.catalog;

import dev.meridian.shared.Money;
import dev.meridian.startup.SampleLoader;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A shop for people who live with mythical creatures. Each product has a drawing under `/assets/products`.
@ApplicationScoped
class SampleProducts implements SampleLoader {
    private static final List<Tag> TAGS = List.of(
            new Tag("feed", "Feed & Treats"),
            new Tag("comfort", "Beds & Comfort"),
            new Tag("care", "Grooming & Care"),
            new Tag("play", "Toys & Play"),
            new Tag("travel", "Harness & Travel"));

    // id | tags | price | stock, - for no limit | name | description
    private static final String PRODUCTS = """
            ember-biscuits|feed|12.5|-|Ember Biscuits|Crunchy, smoky and still glowing in the middle. For breathers of fire and guests with gloves.
            moonmilk|feed|8|140|Moonmilk Jug|Drawn on clear nights only. Soothes hatchlings, were-pups and anyone who howls.
            rainbow-oats|feed|19.5|80|Rainbow Oats|Seven colours of oats in one sack. Unicorns pick out the violet ones first.
            kelp-noodles|feed|6.75|-|Kraken Kelp Noodles|A bowl for each arm is advised. Cooks in salt water, serves eight arms or one.
            mint-bundle|feed|4.2|300|Manticore Mint Bundle|Fresh breath for all three rows of teeth. Tie it to a long stick.
            phoenix-nest|comfort|149|9|Phoenix Nest|A nest of fireproof twigs that outlives its tenant, again and again. Ash tray included.
            nap-hammock|comfort|89.9|25|Wyvern Nap Hammock|Two oaks apart, one nap long. Holds a grown wyvern with folded wings.
            cloud-pillow|comfort|34|-|Pegasus Cloud Pillow|Filled with genuine cumulus. Shake well and do not leave it near open windows.
            bridge-doormat|comfort|27.5|45|Under-Bridge Doormat|Says WHO GOES THERE so that your troll does not have to. Coarse fibre for large feet.
            gravel-blanket|comfort|58|18|Golem Gravel Blanket|Forty kilos of river gravel between two layers of felt. The only blanket a golem notices.
            horn-polish|care|16.99|110|Unicorn Horn Polish|A small tin of starlight wax. One dab brings back the spiral, two dabs the sparkle.
            scale-brush|care|22|70|Dragon Scale Brush|Brass bristles that reach under every scale. Your dragon will hum.
            feather-comb|care|18.5|64|Griffin Feather Comb|Wide teeth for the wings, narrow ones for the tuft of the tail.
            eye-drops|care|11|60|Cyclops Eye Drops|One bottle, one drop, one eye. Relief after long days of looking for sheep.
            hoof-socks|care|24|-|Centaur Hoof Socks|Four warm socks for quiet mornings on wooden floors. Stripes make them faster.
            riddle-cards|play|15|200|Sphinx Riddle Cards|Fifty-two riddles with the answers on a separate sheet, which the sphinx will want to keep.
            pocket-maze|play|31.25|33|Minotaur Pocket Maze|A labyrinth for one steel ball. Keeps a minotaur busy while you find the real way out.
            wisp-ball|play|9.99|-|Will-o'-the-Wisp Ball|Rolls ahead, glows softly and never quite lets itself be caught. Not for use near bogs.
            squeaky-knight|play|13|150|Squeaky Knight|Soft armour, loud squeak. The chew toy that has it coming.
            three-way-tug|play|20|42|Cerberus Three-Way Tug|Three knotted ends, so that nobody has to wait for a turn.
            dragon-harness|travel|225|4|Dragon Flight Harness|Hand-stitched leather, fireproof buckles, a loop for the rider's nerves.
            travel-lantern|travel|42|55|Kobold Travel Lantern|Burns a thimble of oil from dusk to dawn. Also keeps a kobold company underground.
            kraken-barrel|travel|310|2|Kraken Travel Barrel|Oak, brass and four hundred litres of sea. The lid locks from the outside, mostly.
            wing-raincoat|travel,care|64.5|21|Wing Raincoat|Two long sleeves for two long wings. Folds into its own pocket, unlike the wearer.
            rune-tag|travel|7.5|-|Rune Name Tag|Tell us the name, we carve the rune. Whoever finds your creature can read the way home.
            first-night-parcel|feed,comfort,play|75|30|First Night Parcel|A blanket, a biscuit and a ball: all that a newly adopted creature needs until morning.
            """;

    private final SampleProductRepository repository;

    SampleProducts(SampleProductRepository repository) {
        this.repository = repository;
    }

    @Override
    public String what() {
        return "products";
    }

    @Override
    public Uni<Integer> load() {
        return Uni.createFrom().deferred(() -> repository.addMissing(TAGS, products()));
    }

    private static List<Product> products() {
        var tags = TAGS.stream().collect(Collectors.toMap(Tag::name, Function.identity()));
        return PRODUCTS.lines()
                .map(line -> line.split("\\|"))
                .map(field -> new Product(
                        field[0],
                        field[4],
                        field[5],
                        Money.ofMajor(new BigDecimal(field[2])),
                        field[3].equals("-") ? null : Integer.valueOf(field[3]),
                        "/assets/products/" + field[0] + ".svg",
                        Arrays.stream(field[1].split(",")).map(tags::get).toList(),
                        ""))
                .toList();
    }
}
