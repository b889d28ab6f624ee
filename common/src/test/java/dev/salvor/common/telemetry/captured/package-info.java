@NullMarked
package dev.salvor.common.telemetry.captured;

import org.jspecify.annotations.NullMarked;
