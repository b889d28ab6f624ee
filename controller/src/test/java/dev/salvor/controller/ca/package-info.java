@NullMarked
package dev.salvor.controller.ca;

import org.jspecify.annotations.NullMarked;
