/// Proving that a copy is whole, and the signed record of that proof.
@NullMarked
package dev.salvor.controller.verify;

import org.jspecify.annotations.NullMarked;
