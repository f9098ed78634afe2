package dev.meridian.startup;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/// Ignores the keys below `meridian.local`. They belong to the build, which passes them on to dev mode and tests as
/// system
/// properties; any other unknown key below `meridian` keeps the process from starting.
public final class BuildKeys implements SmallRyeConfigBuilderCustomizer {
    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        builder.withMappingIgnore("meridian.local.**");
    }
}
