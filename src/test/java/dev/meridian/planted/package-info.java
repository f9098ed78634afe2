/// Planted violations of every rule of `ArchitectureTest`, to see each rule fail. Nothing uses them.
package dev.meridian.planted;
