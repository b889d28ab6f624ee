/// The product's own figures, measured on whole processes side by side with what a user would pick
/// instead.
@NullMarked
package dev.salvor.controller.bench;

import org.jspecify.annotations.NullMarked;
