/// The deciding, pure: facts are folded into a state, and the state says what to do and why.
@NullMarked
package dev.salvor.controller.core;

import org.jspecify.annotations.NullMarked;
