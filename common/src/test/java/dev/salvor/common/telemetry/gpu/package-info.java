@NullMarked
package dev.salvor.common.telemetry.gpu;

import org.jspecify.annotations.NullMarked;
