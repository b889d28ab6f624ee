package dev.salvor.controller.house.planted.bad.controller.launch;

import okhttp3.OkHttpClient;

/// Planted: breaks a rule of imports.
record LaunchOverHttp(OkHttpClient client) {}
