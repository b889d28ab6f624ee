/// Pickles read without executing them: opcodes over a symbolic stack, and what they would import.
@NullMarked
package dev.salvor.common.format.pickle;

import org.jspecify.annotations.NullMarked;
