/// Who may speak for a rental: the certificate authority, join tokens, and how one becomes the
/// other.
@NullMarked
package dev.salvor.controller.ca;

import org.jspecify.annotations.NullMarked;
