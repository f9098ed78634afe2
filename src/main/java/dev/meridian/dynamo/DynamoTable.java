package dev.meridian.dynamo;

import java.util.List;
import java.util.Optional;

/// The DynamoDB tables: the only declaration. Dev and test create the tables from it, production checks them, and
/// infrastructure code can be generated from it. The meaning of items belongs to the feature that owns the table.
public enum DynamoTable {
    MYSFITS(
            "mysfits",
            "MysfitId",
            null,
            Index.of("GoodEvilIndex", "GoodEvil", "MysfitId", including("LawChaos")),
            Index.of("LawChaosIndex", "LawChaos", "MysfitId", including("GoodEvil"))),
    LIKES("likes", "subjectId", "regionShard"),
    CARTS("carts", "customerId", "productRegion"),
    CHECKOUTS("checkouts", "customerId", null),
    CUSTOMERS("customers", "customerId", null),
    /// The indexes are sparse: an entry has the hash key of an index only while it belongs in the index.
    ORDER_JOURNAL(
            "order-journal",
            "orderId",
            null,
            Index.of("OpenIndex", "openShard", "acceptedAt"),
            Index.of("OpenCustomerIndex", "openCustomerId", "acceptedAt"),
            Index.of("ClosedIndex", "closedShard", "closedAt", "state", "payloadHash"),
            Index.of(
                    "RecoveryIndex",
                    "recoveryShard",
                    "recoveryKey",
                    "customerId",
                    "state",
                    "reason",
                    "acceptedAt",
                    "region",
                    "foundAt",
                    "confirmedAt",
                    "recoveryNote")),
    /// Changes of products by administrators; see docs/data.md.
    CATALOG_JOURNAL(
            "catalog-journal", "productId", "changeKey", Index.of("ChangedIndex", "changeShard", "changedAt", "state")),
    SCORES("scores", "player", "id", Index.numeric("Country-Score-Index", "country", "score", "playedAt", "region")),
    /// `OwnerIndex` is sparse: tickets of older versions are not in it.
    TICKETS(
            "tickets",
            "id",
            null,
            Index.of(
                    "ListIndex",
                    "listShard",
                    "createdAt",
                    "description",
                    "assigned",
                    "priority",
                    "status",
                    "createdBy",
                    "createdOn",
                    "version"),
            Index.of("OwnerIndex", "ownerId", "createdAt")),
    TICKET_CHANGES("ticket-changes", "ticketId", "changeKey"),
    REGIONS("regions", "region", null),
    /// The sessions of customers who have signed out, by the hour in which they did.
    ENDED_SESSIONS("ended-sessions", "hour", "endedKey");

    /// A global secondary index. It projects what its queries read and nothing else: each write of a projected
    /// attribute is a write of the index too.
    ///
    /// @param name its name
    /// @param hashKey a string attribute
    /// @param rangeKey the attribute that sorts it
    /// @param numeric whether the range key is a number, else a string
    /// @param included its attributes besides the keys of index and table; empty: none
    public record Index(String name, String hashKey, String rangeKey, boolean numeric, List<String> included) {
        static Index of(String name, String hashKey, String rangeKey, String... included) {
            return new Index(name, hashKey, rangeKey, false, List.of(included));
        }

        static Index numeric(String name, String hashKey, String rangeKey, String... included) {
            return new Index(name, hashKey, rangeKey, true, List.of(included));
        }
    }

    /// What every list of mysfits shows, besides the keys.
    private static String[] including(String other) {
        return new String[] {
            other, "Name", "Species", "Description", "Age", "ThumbImageUri", "ProfileImageUri", "Likes", "Adopted"
        };
    }

    private final String baseName;
    private final String hashKey;
    private final String rangeKey;
    private final List<Index> indexes;

    DynamoTable(String baseName, String hashKey, String rangeKey, Index... indexes) {
        this.baseName = baseName;
        this.hashKey = hashKey;
        this.rangeKey = rangeKey;
        this.indexes = List.of(indexes);
    }

    /// The name without the configured prefix.
    public String baseName() {
        return baseName;
    }

    /// The partition key, a string attribute.
    public String hashKey() {
        return hashKey;
    }

    /// The sort key, a string attribute, if there is one.
    public Optional<String> rangeKey() {
        return Optional.ofNullable(rangeKey);
    }

    /// The global secondary indexes.
    public List<Index> indexes() {
        return indexes;
    }

    Index index(String name) {
        return indexes.stream()
                .filter(index -> index.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// The attribute with the time (epoch seconds) after which DynamoDB may delete an item, if the table has one.
    public Optional<String> timeToLive() {
        return switch (this) {
            case CHECKOUTS, CARTS, CATALOG_JOURNAL, ENDED_SESSIONS -> Optional.of("expiresAt");
            default -> Optional.empty();
        };
    }
}
