@NullMarked
package dev.salvor.controller.sim;

import org.jspecify.annotations.NullMarked;
