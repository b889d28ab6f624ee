/// What a rental is launched with.
@NullMarked
package dev.salvor.controller.launch;

import org.jspecify.annotations.NullMarked;
