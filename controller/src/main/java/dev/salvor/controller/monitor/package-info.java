/// What machines ask of a controller, and what it tells them: health, metrics, one webhook.
@NullMarked
package dev.salvor.controller.monitor;

import org.jspecify.annotations.NullMarked;
