@NullMarked
package dev.salvor.common.wire;

import org.jspecify.annotations.NullMarked;
