@NullMarked
package dev.salvor.controller.journal;

import org.jspecify.annotations.NullMarked;
