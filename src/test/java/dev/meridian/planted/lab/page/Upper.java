package dev.meridian.planted.lab.page;

import dev.meridian.planted.lab.replication.Lower;

/// Half a circle.
public class Upper {
    Lower lower;
}
