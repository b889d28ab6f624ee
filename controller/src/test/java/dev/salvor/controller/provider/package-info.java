/// What every provider must do.
@NullMarked
package dev.salvor.controller.provider;

import org.jspecify.annotations.NullMarked;
