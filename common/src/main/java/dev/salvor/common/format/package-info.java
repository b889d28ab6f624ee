/// What a file is and whether it is whole: readers of the formats that checkpoints consist of.
/// Nothing that they read is ever executed.
@NullMarked
package dev.salvor.common.format;

import org.jspecify.annotations.NullMarked;
