/// The vast provider against recorded answers and a market in memory.
@NullMarked
package dev.salvor.controller.provider.vast;

import org.jspecify.annotations.NullMarked;
