@NullMarked
package dev.salvor.common.telemetry.cuda;

import org.jspecify.annotations.NullMarked;
