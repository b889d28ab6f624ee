/// Runs the trainers of docs/examples as a user would.
@NullMarked
package dev.salvor.controller.examples;

import org.jspecify.annotations.NullMarked;
