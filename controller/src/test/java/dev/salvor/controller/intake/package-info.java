@NullMarked
package dev.salvor.controller.intake;

import org.jspecify.annotations.NullMarked;
