package dev.meridian.planted.lab.page;

import dev.meridian.planted.lab.replication.Lower;

/// Half of a cycle.
public class Upper {
    Lower lower;
}
