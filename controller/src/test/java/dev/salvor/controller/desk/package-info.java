@NullMarked
package dev.salvor.controller.desk;

import org.jspecify.annotations.NullMarked;
