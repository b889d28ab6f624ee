/// What a user wants to hear of, in his own words.
@NullMarked
package dev.salvor.common.pattern;

import org.jspecify.annotations.NullMarked;
