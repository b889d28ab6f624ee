/// What reaches a box or its disk over ssh.
@NullMarked
package dev.salvor.controller.tunnel;

import org.jspecify.annotations.NullMarked;
