@NullMarked
package dev.salvor.controller.sandbox.market;

import org.jspecify.annotations.NullMarked;
