/// The controller's counter for its own user: a socket that only the owner can open, where verbs
/// ask and are answered.
@NullMarked
package dev.salvor.controller.desk;

import org.jspecify.annotations.NullMarked;
