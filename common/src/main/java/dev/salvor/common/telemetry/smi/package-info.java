/// What nvidia-smi writes, in all its forms and over many drivers, as readings of cards.
@NullMarked
package dev.salvor.common.telemetry.smi;

import org.jspecify.annotations.NullMarked;
