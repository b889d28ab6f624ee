/// What a container may use of its host: memory, processor, file systems.
@NullMarked
package dev.salvor.common.telemetry.host;

import org.jspecify.annotations.NullMarked;
