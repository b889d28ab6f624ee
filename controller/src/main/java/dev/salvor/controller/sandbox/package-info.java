/// A marketplace on loopback that answers like vast.ai and rents out real process trees.
@NullMarked
package dev.salvor.controller.sandbox;

import org.jspecify.annotations.NullMarked;
