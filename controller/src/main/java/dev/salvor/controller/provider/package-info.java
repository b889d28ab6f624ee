@NullMarked
package dev.salvor.controller.provider;

import org.jspecify.annotations.NullMarked;
