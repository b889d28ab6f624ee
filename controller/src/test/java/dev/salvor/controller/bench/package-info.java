@NullMarked
package dev.salvor.controller.bench;

import org.jspecify.annotations.NullMarked;
