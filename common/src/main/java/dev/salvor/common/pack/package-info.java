/// Fewer bytes for the same block, bit for bit.
@NullMarked
package dev.salvor.common.pack;

import org.jspecify.annotations.NullMarked;
