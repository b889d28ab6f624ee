/// What training frameworks write as one checkpoint: how to tell it, when its own commit rule
/// holds, and which step it says it is. Looks at names, sizes and small records only.
@NullMarked
package dev.salvor.common.framework;

import org.jspecify.annotations.NullMarked;
