@NullMarked
package dev.salvor.common.format;

import org.jspecify.annotations.NullMarked;
