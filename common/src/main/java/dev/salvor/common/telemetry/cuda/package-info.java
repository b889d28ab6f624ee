/// Which CUDA a driver, a toolkit and a framework speak, and whether they fit each other.
@NullMarked
package dev.salvor.common.telemetry.cuda;

import org.jspecify.annotations.NullMarked;
