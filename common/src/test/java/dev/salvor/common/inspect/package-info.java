@NullMarked
package dev.salvor.common.inspect;

import org.jspecify.annotations.NullMarked;
