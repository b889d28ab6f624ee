/// Tests of what reaches a box.
@NullMarked
package dev.salvor.controller.tunnel;

import org.jspecify.annotations.NullMarked;
