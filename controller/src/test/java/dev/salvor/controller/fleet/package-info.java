@NullMarked
package dev.salvor.controller.fleet;

import org.jspecify.annotations.NullMarked;
