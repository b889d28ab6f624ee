/// The short-lived process that moves one unit off the box, or back onto it.
@NullMarked
package dev.salvor.agent.carry;

import org.jspecify.annotations.NullMarked;
