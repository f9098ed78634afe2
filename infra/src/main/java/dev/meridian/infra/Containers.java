package dev.meridian.infra;

import dev.meridian.infra.Config.Architecture;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.Capability;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.LinuxParameters;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.LogDrivers;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.ssm.StringParameter;

/// What all tasks have in common: Fargate, no rights of root, a root file system that is read-only, and
/// the image whose digest the Region's parameter holds.
final class Containers {
    static final String USER = "10001:10001";

    private static final String TMP = "tmp";

    private final PlatformStack stack;
    private final ILogGroup logs;
    private final IRepository repository;
    private final String image;

    Containers(PlatformStack stack, ILogGroup logs) {
        this.stack = stack;
        this.logs = logs;
        this.repository = Repository.fromRepositoryName(stack, "Repository", stack.names.service());
        var digest = StringParameter.valueForStringParameter(stack, stack.names.imageParameter());
        this.image = stack.names.repository(stack.region) + "@" + digest;
    }

    static Role taskRole(PlatformStack stack, String id, String name) {
        return Role.Builder.create(stack, id)
                .roleName(name)
                .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
                .build();
    }

    /// May pull the image; CDK adds the secrets and the log group of the containers.
    Role executionRole(String id, String name) {
        var role = taskRole(stack, id, name);
        repository.grantPull(role);
        return role;
    }

    FargateTaskDefinition task(String id, String family, Role execution, Role role) {
        return FargateTaskDefinition.Builder.create(stack, id)
                .family(family)
                .cpu(256)
                .memoryLimitMiB(512)
                .executionRole(execution)
                .taskRole(role)
                .runtimePlatform(RuntimePlatform.builder()
                        .cpuArchitecture(
                                stack.config.architecture() == Architecture.ARM
                                        ? CpuArchitecture.ARM64
                                        : CpuArchitecture.X86_64)
                        .operatingSystemFamily(OperatingSystemFamily.LINUX)
                        .build())
                .volumes(List.of(Volume.builder().name(TMP).build()))
                .build();
    }

    /// A container of Meridian's image, without what its command needs.
    ContainerDefinitionOptions.Builder meridian(String name, List<String> command, Map<String, Object> environment) {
        return ContainerDefinitionOptions.builder()
                .containerName(name)
                .image(ContainerImage.fromRegistry(image))
                .command(command)
                .user(USER)
                .readonlyRootFilesystem(true)
                .essential(true)
                .stopTimeout(Duration.seconds(30))
                .environment(texts(environment))
                .linuxParameters(
                        LinuxParameters.Builder.create(stack, "Linux-" + name).build())
                .logging(logs(name));
    }

    /// Adds it, with `/tmp` and without any capability.
    static ContainerDefinition add(FargateTaskDefinition task, String id, ContainerDefinitionOptions options) {
        var container = task.addContainer(id, options);
        container.addMountPoints(MountPoint.builder()
                .sourceVolume(TMP)
                .containerPath("/tmp")
                .readOnly(false)
                .build());
        container.getLinuxParameters().dropCapabilities(Capability.ALL);
        return container;
    }

    /// A line too many is dropped rather than a request held up.
    LogDriver logs(String prefix) {
        return LogDrivers.awsLogs(AwsLogDriverProps.builder()
                .logGroup(logs)
                .streamPrefix(prefix)
                .mode(AwsLogDriverMode.NON_BLOCKING)
                .maxBufferSize(Size.mebibytes(4))
                .build());
    }

    /// What every command of Meridian must know.
    static Map<String, Object> environment(PlatformStack stack, SqlAddresses addresses) {
        return PlatformStack.map(
                "AWS_REGION",
                stack.region,
                "MERIDIAN_TABLES_PREFIX",
                stack.config.name() + "-",
                "MERIDIAN_SQL_WRITER_URL",
                addresses.writerUrl(),
                "MERIDIAN_SQL_WRITER_CANDIDATES",
                addresses.candidates(),
                "MERIDIAN_SQL_READER_URL",
                addresses.readerUrl(stack.region),
                "MERIDIAN_SQL_TLS_CA",
                "/etc/meridian/rds-ca.pem",
                // Aurora has none; the writer epoch is the fence there.
                "MERIDIAN_SQL_TIMELINES",
                "false");
    }

    static Map<String, String> texts(Map<String, Object> values) {
        var texts = new TreeMap<String, String>();
        values.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }
}
