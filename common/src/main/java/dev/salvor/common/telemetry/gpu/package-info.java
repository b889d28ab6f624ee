/// What can be known of a card, whoever told it (NVML, nvidia-smi, the kernel's log), and what
/// follows from it.
@NullMarked
package dev.salvor.common.telemetry.gpu;

import org.jspecify.annotations.NullMarked;
