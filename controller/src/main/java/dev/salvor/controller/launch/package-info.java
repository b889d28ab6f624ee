/// What a box is rented with: its start-up text and its environment.
@NullMarked
package dev.salvor.controller.launch;

import org.jspecify.annotations.NullMarked;
