package dev.salvor.controller.house.planted.bad.agent.probe;

import dev.salvor.controller.house.planted.bad.agent.job.Job;

/// Planted: breaks a rule of imports.
record ProbeWithJob(Job job) {}
