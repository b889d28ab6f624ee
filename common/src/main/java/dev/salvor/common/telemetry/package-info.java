@NullMarked
package dev.salvor.common.telemetry;

import org.jspecify.annotations.NullMarked;
