/// What tests of every package share.
@NullMarked
package dev.salvor.controller.testing;

import org.jspecify.annotations.NullMarked;
