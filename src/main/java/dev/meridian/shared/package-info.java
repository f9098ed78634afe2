/// Values that every package uses: [Money], ids, pages and cursors, the kinds of problems, the Region's name. Owns no
/// table and calls no other package; all packages may call it.
package dev.meridian.shared;
