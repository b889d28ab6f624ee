@NullMarked
package dev.salvor.common.checkpoint;

import org.jspecify.annotations.NullMarked;
