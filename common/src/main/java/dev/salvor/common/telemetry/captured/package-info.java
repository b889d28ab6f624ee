/// Files and directories that somebody captured on a box: what they are, and what follows from
/// them.
@NullMarked
package dev.salvor.common.telemetry.captured;

import org.jspecify.annotations.NullMarked;
