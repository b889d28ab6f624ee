/// Runs the ./salvor launcher on a small fake checkout.
@NullMarked
package dev.salvor.controller.launcher;

import org.jspecify.annotations.NullMarked;
