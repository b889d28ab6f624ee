@NullMarked
package dev.salvor.common.tls;

import org.jspecify.annotations.NullMarked;
