@NullMarked
package dev.salvor.controller.sandbox;

import org.jspecify.annotations.NullMarked;
