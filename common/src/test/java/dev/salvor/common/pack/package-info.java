@NullMarked
package dev.salvor.common.pack;

import org.jspecify.annotations.NullMarked;
