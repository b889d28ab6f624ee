@NullMarked
package dev.salvor.controller.cli;

import org.jspecify.annotations.NullMarked;
