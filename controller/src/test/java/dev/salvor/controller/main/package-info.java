@NullMarked
package dev.salvor.controller.main;

import org.jspecify.annotations.NullMarked;
