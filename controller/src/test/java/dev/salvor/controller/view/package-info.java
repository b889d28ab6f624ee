@NullMarked
package dev.salvor.controller.view;

import org.jspecify.annotations.NullMarked;
