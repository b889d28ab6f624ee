/// Zips, which several frameworks save in: read by the central directory, with every trick and CRC
/// checked, and handed to the layout they have.
@NullMarked
package dev.salvor.common.format.zip;

import org.jspecify.annotations.NullMarked;
