/// The doing of decisions: one class an effect. Each has a deadline, and reports one outcome.
@NullMarked
package dev.salvor.controller.effect;

import org.jspecify.annotations.NullMarked;
