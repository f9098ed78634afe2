/// Violations of every rule of `ArchitectureTest`, planted so that each rule is seen to fail. Nothing uses them.
package dev.meridian.planted;
