@NullMarked
package dev.salvor.controller.cargo;

import org.jspecify.annotations.NullMarked;
