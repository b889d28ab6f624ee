/// What to do and why: one rule a file, tried in the order of `Decide`.
@NullMarked
package dev.salvor.controller.core.rule;

import org.jspecify.annotations.NullMarked;
