package dev.meridian.infra;

import java.util.List;
import software.amazon.awscdk.App;

final class Silenced {
    private Silenced() {}

    static void apply(App app, List<PlatformStack> stacks) {}
}
