/// Files and directories that survive a power cut, and removal of what is our own.
@NullMarked
package dev.salvor.common.disk;

import org.jspecify.annotations.NullMarked;
