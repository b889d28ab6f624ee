/// What is for rent, what is rented, who wins the auction, and what it costs.
@NullMarked
package dev.salvor.controller.sandbox.market;

import org.jspecify.annotations.NullMarked;
