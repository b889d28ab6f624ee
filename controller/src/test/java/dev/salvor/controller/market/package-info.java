/// The controller's loop and provider against the sandbox's market, on a clock moved by hand.
@NullMarked
package dev.salvor.controller.market;

import org.jspecify.annotations.NullMarked;
