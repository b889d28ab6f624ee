@NullMarked
package dev.salvor.agent.link;

import org.jspecify.annotations.NullMarked;
