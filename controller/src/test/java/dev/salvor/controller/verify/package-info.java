@NullMarked
package dev.salvor.controller.verify;

import org.jspecify.annotations.NullMarked;
