package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;

/// What came back from one request.
sealed interface Reply {

  /// An answer of any status.
  ///
  /// @param json missing if the text is no JSON
  /// @param location where a redirect leads; empty otherwise
  record Answer(int status, String text, JsonNode json, String location) implements Reply {
    boolean ok() {
      return status >= 200 && status < 300;
    }
  }

  /// No answer, or half of one.
  ///
  /// @param sent whether the platform may have seen the request
  record Lost(String why, boolean sent) implements Reply {}
}
