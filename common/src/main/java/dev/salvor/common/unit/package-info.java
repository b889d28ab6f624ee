@NullMarked
package dev.salvor.common.unit;

import org.jspecify.annotations.NullMarked;
