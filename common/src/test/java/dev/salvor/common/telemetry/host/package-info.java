@NullMarked
package dev.salvor.common.telemetry.host;

import org.jspecify.annotations.NullMarked;
