/// Judges files and directories by their content: every format and every framework's layout in one
/// list each. Nothing is executed.
@NullMarked
package dev.salvor.common.inspect;

import org.jspecify.annotations.NullMarked;
