package dev.meridian.dynamoclient;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// All that our code asks of DynamoDB, and reads of its answers, is known to our client. A new operation or
/// member that it does not know fails here, and not in production.
class KnownMembersTest {
    private static final String MODEL = "software.amazon.awssdk.services.dynamodb.model.";

    /// Makes tables, with the SDK's client, by these methods. It looks for tables with the client that is chosen.
    private static final String TABLES = "dev.meridian.dynamo.DynamoSchema";

    private static final Pattern MAKES_TABLES =
            Pattern.compile("(lambda\\$)?(create|letExpire|request|projection|key|define)(\\$\\d+)?");

    private static final JavaClasses PRODUCT = new ClassFileImporter().importPath(Path.of("target/classes"));
    private static final JavaClasses LAB = new ClassFileImporter().importPath(Path.of("target/lab-classes"));

    /// Of every builder, and of every object.
    private static final Set<String> GENERAL =
            Set.of("applyMutation", "build", "builder", "equals", "hashCode", "toString");

    @Test
    void eachMemberThatIsSetIsWritten() {
        var known = names(Operation.requestMembers().stream().filter(Operation::isWritten));
        var set = used(PRODUCT, "Builder", KnownMembersTest::isOutsideOfTheClient);
        // An exception that the product makes by itself is never sent.
        set.removeIf(member -> member.matches("\\w+Exception\\..*"));
        assertTrue(set.size() > 40, set::toString);
        assertEquals(Set.of(), without(set, known));
        // The lab calls DynamoDB by the SDK, and nothing else than our client could.
        var classes =
                Operation.requestMembers().stream().map(KnownMembersTest::type).collect(toSet());
        var ofLab = used(LAB, "Builder", _ -> true);
        ofLab.removeIf(member -> !classes.contains(type(member)));
        assertEquals(Set.of(), without(ofLab, known));
    }

    @Test
    void eachMemberThatIsReadIsRead() {
        var known = names(Stream.concat(
                Operation.answerMembers().stream().filter(Operation::isRead),
                Stream.of(
                                ConditionalCheckFailedException.builder(),
                                TransactionCanceledException.builder(),
                                CancellationReason.builder())
                        .flatMap(builder -> ((SdkPojo) builder)
                                .sdkFields().stream()
                                        .map(field -> RandomPojos.name(
                                                builder.getClass().getEnclosingClass(), field)))));
        var read = used(PRODUCT, "", KnownMembersTest::isOutsideOfTheClient);
        read.removeIf(
                member -> !member.matches(
                        "(\\w+Response|TableDescription|WriteRequest|KeysAndAttributes|\\w+Exception|CancellationReason)\\..*"));
        // SameAnswersTest compares what all exceptions have.
        read.removeIf(member -> member.startsWith("DynamoDbException."));
        assertTrue(read.contains("QueryResponse.lastEvaluatedKey"), read::toString);
        assertEquals(Set.of(), without(read, known));
    }

    @Test
    void eachOperationThatIsCalledIsKnown() {
        var known = Operation.all().stream().map(Operation::method).collect(toSet());
        known.addAll(Set.of("close"));
        var called = accesses(PRODUCT, KnownMembersTest::isOutsideOfTheClient)
                .filter(access -> access.getTargetOwner().getName().equals(DynamoDbAsyncClient.class.getName()))
                .map(JavaCodeUnitAccess::getName)
                .collect(toCollection(TreeSet::new));
        assertTrue(called.contains("query"), called::toString);
        called.removeAll(known);
        assertEquals(Set.of("builder"), called, "the builder is that of the SDK's client");
    }

    /// What does not make tables is no exception.
    @Test
    void lookingForTablesIsHeldToTheRules() {
        assertEquals(
                Set.of("describeTable"),
                accesses(PRODUCT, KnownMembersTest::isOutsideOfTheClient)
                        .filter(access -> access.getOriginOwner().getName().equals(TABLES))
                        .filter(access -> access.getTargetOwner().getName().equals(DynamoDbAsyncClient.class.getName()))
                        .map(JavaCodeUnitAccess::getName)
                        .filter(name -> !name.equals("close"))
                        .collect(toSet()));
    }

    /// The rules see what they are for.
    @Test
    void unknownOnesAreFound() {
        var planted = new ClassFileImporter().importClasses(Planted.class);
        var known = names(Operation.requestMembers().stream().filter(Operation::isWritten));
        assertEquals(
                Set.of(
                        "GetItemRequest.attributesToGet",
                        "QueryRequest.returnConsumedCapacity",
                        "QueryRequest.overrideConfiguration"),
                without(used(planted, "Builder", _ -> true), known));
        assertTrue(used(planted, "", _ -> true).contains("QueryResponse.consumedCapacity"));
    }

    private static final class Planted {
        static void set() {
            GetItemRequest.builder().attributesToGet("a").tableName("t");
            QueryRequest.builder().returnConsumedCapacity("TOTAL").overrideConfiguration(c -> c.putHeader("a", "b"));
        }

        static Object read(QueryResponse response) {
            return response.consumedCapacity();
        }
    }

    private static boolean isOutsideOfTheClient(JavaCodeUnitAccess<?> access) {
        var origin = access.getOriginOwner();
        return !origin.getPackageName().equals("dev.meridian.dynamoclient")
                && !(origin.getName().equals(TABLES)
                        && MAKES_TABLES.matcher(access.getOrigin().getName()).matches());
    }

    private static Stream<? extends JavaCodeUnitAccess<?>> accesses(
            JavaClasses classes, Predicate<JavaCodeUnitAccess<?>> isMeant) {
        return classes.stream()
                .flatMap(type -> Stream.<JavaCodeUnitAccess<?>>concat(
                        type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream()))
                .filter(isMeant);
    }

    /// Members of the model's classes, or of their builders, that are called with what it takes.
    private static TreeSet<String> used(JavaClasses classes, String nested, Predicate<JavaCodeUnitAccess<?>> isMeant) {
        var owner = nested.isEmpty() ? "[^$]*" : "[^$]*\\$" + nested;
        return accesses(classes, isMeant)
                .filter(access -> access.getTargetOwner().getName().matches(Pattern.quote(MODEL) + owner))
                .filter(access -> !GENERAL.contains(access.getName()))
                .map(access -> access.getTargetOwner()
                                .getName()
                                .substring(MODEL.length())
                                .replaceAll("\\$.*", "") + "." + access.getName())
                .filter(member -> !member.startsWith(AttributeValue.class.getSimpleName() + "."))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> without(Set<String> used, Set<String> known) {
        return used.stream().filter(member -> !known.contains(member)).collect(toCollection(TreeSet::new));
    }

    /// The methods of members: `GetItemRequest.key` and `GetItemRequest.hasKey` for `GetItemRequest.Key`.
    private static Set<String> names(Stream<String> members) {
        return members.flatMap(member -> {
                    var name = member.substring(member.indexOf('.') + 1);
                    var method = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
                    return Stream.of(method, "has" + name, method + "AsString").map(own -> type(member) + "." + own);
                })
                .collect(toSet());
    }

    private static String type(String member) {
        return member.substring(0, member.indexOf('.'));
    }
}
