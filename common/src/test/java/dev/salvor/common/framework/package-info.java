@NullMarked
package dev.salvor.common.framework;

import org.jspecify.annotations.NullMarked;
