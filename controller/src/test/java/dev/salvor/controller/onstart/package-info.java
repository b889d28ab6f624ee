/// Runs the start script of a box in a temporary home.
@NullMarked
package dev.salvor.controller.onstart;

import org.jspecify.annotations.NullMarked;
