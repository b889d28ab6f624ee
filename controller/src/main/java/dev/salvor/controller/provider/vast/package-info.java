/// vast.ai's REST dialect. Its HTTP, its JSON and its words stay inside.
@NullMarked
package dev.salvor.controller.provider.vast;

import org.jspecify.annotations.NullMarked;
