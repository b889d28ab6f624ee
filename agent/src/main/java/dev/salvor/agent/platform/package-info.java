/// The platform's own API, as far as the key that it puts into every box opens it: stopping this
/// box, and nothing else.
@NullMarked
package dev.salvor.agent.platform;

import org.jspecify.annotations.NullMarked;
