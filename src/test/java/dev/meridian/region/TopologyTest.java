package dev.meridian.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TopologyTest {
    @Test
    void nothingSecretIsLeftOfAUrl() {
        assertEquals(
                "postgresql://db.example.com:5432/meridian",
                Topology.withoutCredentials(
                        "postgresql://scott:tiger@db.example.com:5432/meridian?password=tiger#tiger"));
        assertEquals("http://localhost", Topology.withoutCredentials(" http://key:secret@localhost "));
    }

    @Test
    void whatCannotBeReadIsNotRepeated() {
        assertEquals("(unreadable)", Topology.withoutCredentials("postgresql://scott:ti%ger@db/x"));
        assertEquals("(unreadable)", Topology.withoutCredentials("scott:tiger@db"));
        assertEquals("(unreadable)", Topology.withoutCredentials("password=tiger host=db"));
    }
}
