/// Real process trees with a private disk, and how to start, enter and kill them.
@NullMarked
package dev.salvor.controller.sandbox.box;

import org.jspecify.annotations.NullMarked;
