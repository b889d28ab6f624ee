/// Cargo on the workstation: received, staged, proven, put where it is to stay.
@NullMarked
package dev.salvor.controller.cargo;

import org.jspecify.annotations.NullMarked;
