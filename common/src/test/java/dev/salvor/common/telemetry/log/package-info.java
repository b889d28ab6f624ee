@NullMarked
package dev.salvor.common.telemetry.log;

import org.jspecify.annotations.NullMarked;
