/// What the kernel writes into its log about cards and about memory that ran out.
@NullMarked
package dev.salvor.common.telemetry.log;

import org.jspecify.annotations.NullMarked;
