/// Decoders of compressed streams that the JDK has none for; each reads a stranger's bytes.
@NullMarked
package dev.salvor.common.format.codec;

import org.jspecify.annotations.NullMarked;
