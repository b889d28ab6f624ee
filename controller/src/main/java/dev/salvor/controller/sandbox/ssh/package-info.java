/// The one ssh server through which boxes are entered and their disks are read.
@NullMarked
package dev.salvor.controller.sandbox.ssh;

import org.jspecify.annotations.NullMarked;
