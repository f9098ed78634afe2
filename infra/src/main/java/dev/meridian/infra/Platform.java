package dev.meridian.infra;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/// The app: every stack of every Region, and what each needs of the others.
///
/// References are weak: CloudFormation resolves them when it deploys, and a Region that is lost leaves
/// the templates of the others valid. Roles, tables, alarms and canaries are referred to by their names
/// ([Names]).
public final class Platform {
    private final Config config;
    private final App app;
    private final List<PlatformStack> stacks = new ArrayList<>();

    private final Map<String, NetworkStack> networks = new LinkedHashMap<>();
    private final Map<String, MeshStack> meshes = new LinkedHashMap<>();
    private final Map<String, MeshBackStack> waysBack = new LinkedHashMap<>();
    private final Map<String, ImagesStack> images = new LinkedHashMap<>();
    private final Map<String, SqlStack> sqls = new LinkedHashMap<>();
    private final Map<String, ServiceStack> services = new LinkedHashMap<>();
    private final Map<String, RoutingStack> routings = new LinkedHashMap<>();
    private final Map<String, WatchStack> watches = new LinkedHashMap<>();

    private Platform(Config config, Path outdir) {
        this.config = config;
        this.app = new App(AppProps.builder()
                .outdir(outdir.toString())
                .analyticsReporting(false)
                .postCliContext(Flags.context())
                .build());
        ground();
        stores();
        service();
        entrance();
        operation();
        Silenced.apply(app, stacks);
    }

    /// Writes the templates of a configuration.
    ///
    /// @param outdir where to; what is there is replaced
    /// @throws RefusedException when a rule of CDK or of cdk-nag refuses a template
    public static void synth(Config config, Path outdir) {
        new Platform(config, outdir).synth(outdir);
    }

    /// The stacks of a configuration in the order in which they are deployed, each with the ids of those
    /// it needs.
    ///
    /// @throws RefusedException as [#synth(Config, Path)]
    static List<Step> steps(Config config, Path outdir) {
        var platform = new Platform(config, outdir);
        platform.synth(outdir);
        return platform.stacks.stream()
                .map(stack -> new Step(
                        stack.getNode().getId(),
                        stack.part,
                        stack.region,
                        stack.getDependencies().stream()
                                .map(needed -> needed.getNode().getId())
                                .sorted()
                                .toList()))
                .sorted(Step.ORDER)
                .toList();
    }

    private void synth(Path outdir) {
        app.synth();
        Report.refuse(outdir);
    }

    private void ground() {
        for (var name : config.regionNames()) {
            networks.put(name, add(new NetworkStack(app, config, name)));
        }
        // The home registry replicates to the others, which must exist.
        for (var name : config.regionNames().reversed()) {
            images.put(name, add(new ImagesStack(app, config, name)));
        }
        images.values().stream().filter(each -> !each.isHome()).forEach(images.get(home())::addStackDependency);
        for (var name : config.regionNames().subList(0, config.regions().size() - 1)) {
            meshes.put(name, add(new MeshStack(app, config, name, networks)));
        }
        for (var name : config.regionNames().subList(1, config.regions().size())) {
            waysBack.put(name, add(new MeshBackStack(app, config, name, networks, meshes)));
        }
    }

    private void stores() {
        add(new TablesStack(app, config));
        add(new SecretsStack(app, config));
        for (var site : config.sqlRegions()) {
            var sql = add(new SqlStack(app, config, site.region(), networks.get(site.region())));
            if (!sql.isHome()) sql.addStackDependency(sqls.get(home()));
            sqls.put(site.region(), sql);
        }
    }

    private void service() {
        if (config.identity().kind() == Config.IdentityKind.COGNITO) add(new IdentityStack(app, config));
        var addresses = new SqlAddresses(sqls);
        var migrate = add(new MigrateStack(app, config, networks.get(home()), addresses));
        needs(migrate, Part.IMAGES, Part.SQL, Part.MESH, Part.MESHBACK);
        ServiceStack before = null;
        for (var name : config.regionNames()) {
            var service = add(new ServiceStack(app, config, name, networks.get(name), addresses));
            needs(service, Part.IMAGES, Part.TABLES, Part.SECRETS, Part.SQL, Part.IDENTITY, Part.MIGRATE);
            needs(service, Part.MESH, Part.MESHBACK);
            if (before != null) service.addStackDependency(before);
            before = service;
            services.put(name, service);
        }
    }

    private void entrance() {
        var control = ControlStacks.make(app, config);
        control.stacks().forEach(this::add);
        RoutingStack before = null;
        for (var name : config.regionNames()) {
            var routing = add(new RoutingStack(app, config, name, services.get(name), control.routingControl(name)));
            if (before != null) routing.addStackDependency(before);
            before = routing;
            routings.put(name, routing);
        }
        if (config.routing() == Config.Routing.GLOBAL_ACCELERATOR) {
            add(new AcceleratorStack(app, config, services, routings));
        }
    }

    private void operation() {
        var options = config.options();
        if (options.alarms()) {
            for (var name : config.regionNames()) {
                watches.put(name, add(new WatchStack(app, config, name, services.get(name))));
            }
            if (options.canaries() > 0 && config.observer() != null) add(new ObserverStack(app, config));
            add(new ChecksStack(app, config, routings));
        }
        for (var name : config.regionNames()) {
            var operate = add(
                    new OperateStack(app, config, name, networks.get(name), sqls.getOrDefault(name, sqls.get(home()))));
            needs(operate, Part.WATCH, Part.SERVICE, Part.TABLES);
        }
        add(new AccessStack(app, config));
        if (options.pipeline()) needs(add(new ReleaseStack(app, config)), Part.SERVICE);
    }

    private String home() {
        return config.home().region();
    }

    private <T extends PlatformStack> T add(T stack) {
        stacks.add(stack);
        return stack;
    }

    /// All stacks of these parts in all Regions, as far as they exist.
    private void needs(PlatformStack stack, Part... parts) {
        for (var part : parts) {
            stacks.stream()
                    .filter(each -> each.part == part && each != stack)
                    .filter(each -> part != Part.WATCH || each.region.equals(stack.region))
                    .forEach(stack::addStackDependency);
        }
    }
}
