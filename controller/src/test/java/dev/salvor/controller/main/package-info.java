/// The wiring, as far as it decides anything.
@NullMarked
package dev.salvor.controller.main;

import org.jspecify.annotations.NullMarked;
