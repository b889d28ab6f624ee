package dev.salvor.common.telemetry.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CudaReleaseTest {
  @ParameterizedTest
  @CsvSource({
    "nvidia/cuda:12.4.1-runtime-ubuntu22.04, 12.4",
    "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime, 12.4",
    "pytorch/pytorch:2.1.0-cuda11.8-cudnn8-devel, 11.8",
    "ghcr.io/somebody/tools:cuda128, 12.8",
    "vastai/pytorch:2.6.0-cu124-py311, 12.4",
    "registry.example/x:cuda-13.0, 13.0",
    "someone/torch:cu118, 11.8"
  })
  void name_tells_the_cuda(String image, String cuda) {
    assertThat(CudaRelease.ofImage(image).orElseThrow()).hasToString(cuda);
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu:22.04",
    "ghcr.io/somebody/tools:cuda",
    "python:3.11-slim",
    "focus99/x:1",
    "ghcr.io/a/b@sha256:cu"
  })
  void name_that_does_not_say_asks_for_nothing(String image) {
    assertThat(CudaRelease.ofImage(image)).isEmpty();
  }
}
