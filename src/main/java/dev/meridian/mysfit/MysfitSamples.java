package dev.meridian.mysfit;

import dev.meridian.startup.SampleLoader;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// The twelve mysfits of the sample data. Their drawings are static files of the service.
@ApplicationScoped
class MysfitSamples implements SampleLoader {
    private static final List<Mysfit> SAMPLES = List.of(
            sample(
                    "da5303ae-5aba-495c-b5d6-eb5c4a66b941",
                    "Quillon",
                    "Griffin",
                    118,
                    "Good",
                    "Lawful",
                    "Guards the lost property office of a railway that closed in 1931. Returns every umbrella, in "
                            + "person, at night, through the window. Needs a roof that bears lions."),
            sample(
                    "4e53920c-505a-4a90-a694-b9300791f0ae",
                    "Evangeline",
                    "Chimera",
                    43,
                    "Evil",
                    "Lawful",
                    "The lion reads the contract, the goat finds the loophole, the snake collects the signature. All "
                            + "three expect breakfast at seven, and it had better be seven."),
            sample(
                    "2b473002-36f8-4b87-954e-9a377e0ccbec",
                    "Pauly",
                    "Cyclops",
                    2,
                    "Neutral",
                    "Chaotic",
                    "Already taller than the door, not yet sure what doors are for. Collects round things: buttons, "
                            + "wheels, moons. Sleeps with the eye open, to be on the safe side."),
            sample(
                    "561987fe-4f26-4087-9b7b-d1784a7f3900",
                    "Tansy",
                    "Dryad",
                    612,
                    "Good",
                    "Neutral",
                    "Moves about a metre a year and is proud of her pace. Tells excellent stories, of which the "
                            + "shortest takes a summer. House-trained, as long as the house has no ceiling."),
            sample(
                    "35d26de2-12f6-4606-912e-9aee87208f32",
                    "Ignatz",
                    "Salamander",
                    9,
                    "Neutral",
                    "Chaotic",
                    "Warms the bath, the bed and, once, the library. Means no harm and is sorry before you have "
                            + "found the smoke. Comes with a bucket."),
            sample(
                    "752d1b63-6113-4e21-8764-b107a1ecaffe",
                    "Old Marrow",
                    "Sea serpent",
                    2011,
                    "Neutral",
                    "Neutral",
                    "Has outlived four harbours and the maps they were on. Wants a quiet bay, a weekly herring and "
                            + "nobody with a camera. Hums when the tide turns."),
            sample(
                    "546e0f3f-1c0b-4a66-bfb3-adb06f42c063",
                    "Pemberly",
                    "Yeti",
                    77,
                    "Good",
                    "Lawful",
                    "Wipes both feet before coming in, which takes a while. Runs a lending library of scarves and "
                            + "remembers every due date. Afraid of hair dryers."),
            sample(
                    "8348cc22-727b-48a6-89f2-fa6c51862a55",
                    "Vesper",
                    "Gargoyle",
                    540,
                    "Evil",
                    "Neutral",
                    "Spent five centuries on a gutter and has opinions about everyone who walked below. Drops things "
                            + "on purpose, but only on Tuesdays. Good with pigeons."),
            sample(
                    "5ea07f12-1907-4aa3-93f3-1dc8208fb0f1",
                    "Dimity",
                    "Jackalope",
                    5,
                    "Good",
                    "Chaotic",
                    "Opens every gate she passes, because someone inside might want to leave. Runs in loops, rings "
                            + "and letters. Her antlers are a good place for laundry."),
            sample(
                    "805d4fd6-22b2-42c6-82d9-e538cd735b52",
                    "Saffron",
                    "Phoenix",
                    1,
                    "Good",
                    "Neutral",
                    "One year old for the eleventh time and still surprised by it. Sings at dawn, forgets the words "
                            + "at noon, starts again at dusk. Keep the ashes, she will want them."),
            sample(
                    "5f09875f-d2cc-497e-8d30-7942bca84ae5",
                    "Glimm",
                    "Will-o'-the-wisp",
                    303,
                    "Evil",
                    "Chaotic",
                    "Knows a short cut. It is not short, and at its end there is a bog, but the conversation on the "
                            + "way is splendid. Lights a room for nothing."),
            sample(
                    "f4b995d2-6a11-4a2b-a8d7-0741bfed511a",
                    "Maris",
                    "Selkie",
                    26,
                    "Neutral",
                    "Lawful",
                    "Swims with the fishing fleet and files its paperwork. Keeps her second skin folded in the third "
                            + "drawer and counts the drawers each evening. Prefers her tea salted."));

    private final MysfitRepository mysfits;

    MysfitSamples(MysfitRepository mysfits) {
        this.mysfits = mysfits;
    }

    @Override
    public String what() {
        return "mysfits";
    }

    @Override
    public Uni<Integer> load() {
        return Multi.createFrom()
                .iterable(SAMPLES)
                .onItem()
                .transformToUniAndConcatenate(mysfits::create)
                .filter(isNew -> isNew)
                .collect()
                .asList()
                .map(List::size);
    }

    private static Mysfit sample(
            String id, String name, String species, int age, String goodEvil, String lawChaos, String description) {
        var drawing = "/assets/mysfits/" + id + ".svg";
        return new Mysfit(id, name, species, description, age, goodEvil, lawChaos, drawing, drawing, 0, false);
    }
}
