@NullMarked
package dev.salvor.controller.loop;

import org.jspecify.annotations.NullMarked;
