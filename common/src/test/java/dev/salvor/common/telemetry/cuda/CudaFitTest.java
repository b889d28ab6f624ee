package dev.salvor.common.telemetry.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.cuda.CudaFit.Grade;
import dev.salvor.common.telemetry.cuda.CudaFit.Host;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CudaFitTest {
  private static Host host(String driver, String card) {
    return new Host(DriverVersion.of(driver).orElseThrow(), card, Optional.empty());
  }

  private static Optional<ImageToolkit> image(String cuda, boolean compat) {
    return CudaRelease.of(cuda).map(one -> new ImageToolkit(one, compat));
  }

  private static Optional<FrameworkBuild> torch(String version, String cuda) {
    return Optional.of(new FrameworkBuild("torch", version, CudaRelease.of(cuda)));
  }

  @Test
  void a_driver_too_old_for_the_image_says_what_to_do() {
    CudaFit fit = CudaFit.of(host("550.54", "RTX 4090"), image("12.8", false), Optional.empty());
    assertThat(fit.grade()).isEqualTo(Grade.UNFIT);
    assertThat(fit.sentence())
        .isEqualTo(
            "image CUDA 12.8 needs driver >= 570.26, host has 550.54: pick another image or filter"
                + " cuda_max_good>=12.8");
    assertThat(fit.filter()).isEqualTo("cuda_max_good>=12.8");
  }

  @ParameterizedTest
  @CsvSource({
    "570.26,12.8,FITS",
    "570.124.06,12.8,FITS",
    "580.95.05,12.8,FITS",
    "580.95.05,13.0,FITS",
    "575.57.08,13.0,UNFIT",
    "470.256.02,12.1,UNFIT",
    "470.256.02,11.8,UNFIT",
    "535.183.01,12.2,FITS",
    "535.183.01,12.4,UNFIT",
    "610.43.02,13.2,FITS",
    "999.1,14.0,UNFIT"
  })
  void an_images_toolkit_against_a_driver(String driver, String cuda, Grade grade) {
    CudaFit fit = CudaFit.of(host(driver, "RTX 3090"), image(cuda, false), Optional.empty());
    assertThat(fit.grade()).isEqualTo(grade);
  }

  @Test
  void forward_compatibility_bridges_majors_on_data_centre_cards_only() {
    assertThat(
            CudaFit.of(
                    host("535.54.03", "NVIDIA A100-SXM4-80GB"),
                    image("13.0", true),
                    Optional.empty())
                .grade())
        .isEqualTo(Grade.FITS);
    assertThat(
            CudaFit.of(
                    host("535.54.03", "NVIDIA GeForce RTX 4090"),
                    image("13.0", true),
                    Optional.empty())
                .grade())
        .isEqualTo(Grade.UNFIT);
    assertThat(CudaFit.isDataCentre("Quadro RTX 6000")).isFalse();
  }

  @Test
  void a_build_with_code_for_the_card_runs_on_an_older_driver_of_its_major() {
    CudaFit fit =
        CudaFit.of(host("550.54.15", "RTX 4090"), Optional.empty(), torch("2.7.0+cu128", "12.8"));
    assertThat(fit.grade()).isEqualTo(Grade.LIMITED);
    assertThat(fit.sentence()).contains("needs driver >= 570.26, host has 550.54.15");
  }

  @ParameterizedTest
  @CsvSource({
    "RTX 5090,2.6.0+cu124,12.4,compute_cap<1000",
    "B200,2.6.0+cu126,12.6,compute_cap<1000",
    "Tesla V100-SXM2-32GB,2.9.0+cu130,13.0,compute_cap>=750"
  })
  void a_build_without_code_for_the_card_is_unfit(
      String card, String version, String cuda, String filter) {
    CudaFit fit = CudaFit.of(host("595.71.05", card), Optional.empty(), torch(version, cuda));
    assertThat(fit.grade()).isEqualTo(Grade.UNFIT);
    assertThat(fit.filter()).isEqualTo(filter);
    assertThat(fit.sentence()).contains("torch " + version).contains(card).contains(filter);
  }

  @Test
  void the_frameworks_own_cuda_counts_and_not_the_toolkit_beside_it() {
    CudaFit fit =
        CudaFit.of(
            host("550.54.15", "RTX 4090"), image("12.8", false), torch("2.6.0+cu124", "12.4"));
    assertThat(fit.grade()).isEqualTo(Grade.FITS);
  }

  @Test
  void a_build_without_cuda_is_unfit() {
    CudaFit fit =
        CudaFit.of(host("550.54.15", "RTX 4090"), image("12.4", false), torch("2.13.0+cpu", ""));
    assertThat(fit.grade()).isEqualTo(Grade.UNFIT);
    assertThat(fit.sentence()).contains("built without CUDA");
  }

  @ParameterizedTest
  @CsvSource({
    "470.57.02,11.4",
    "525.60.13,12.0",
    "550.54,12.4",
    "560.35.03,12.6",
    "565.57.01,12.7",
    "570.26,12.8",
    "580.65.06,13.0",
    "610.43.02,13.3"
  })
  void a_driver_speaks_its_branchs_cuda(String driver, String cuda) {
    assertThat(CudaDrivers.newest(DriverVersion.of(driver).orElseThrow()).orElseThrow())
        .hasToString(cuda);
  }

  @Test
  void an_arch_list_is_read_in_both_spellings() {
    ComputeCapability ada = new ComputeCapability(8, 9);
    assertThat(ArchList.of("sm_80 sm_86 compute_90").hasCodeFor(ada)).isTrue();
    assertThat(ArchList.of("8.0;9.0+PTX").hasCodeFor(ada)).isTrue();
    assertThat(ArchList.of("sm_90a").hasCodeFor(ada)).isFalse();
    assertThat(ArchList.of("7.5+PTX").canBeCompiledFor(ada)).isTrue();
    assertThat(ArchList.of("sm_90a").hasCodeFor(new ComputeCapability(9, 0))).isTrue();
    assertThat(ArchList.of("garbage ; ++PTX").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "NVIDIA H100 80GB HBM3,9.0",
    "NVIDIA L4,8.9",
    "NVIDIA A10G,8.6",
    "Tesla T4,7.5",
    "RTX 5090,12.0",
    "NVIDIA RTX 4000 SFF Ada Generation,8.9",
    "NVIDIA GeForce RTX 2080 SUPER,7.5",
    "B300,10.3",
    "Tesla P40,6.1",
    "NVIDIA RTX PRO 6000 Blackwell Workstation Edition,12.0",
    "A100-SXM4-40GB,8.0"
  })
  void a_cards_name_tells_its_capability(String name, String capability) {
    assertThat(ComputeCapability.ofCard(name).orElseThrow()).hasToString(capability);
  }

  @Test
  void torch_tells_its_build_without_being_imported() {
    String annotated =
        """
        from typing import Optional

        __version__ = '2.7.0+cu128'
        debug = False
        cuda: Optional[str] = '12.8'
        hip: Optional[str] = None
        """;
    FrameworkBuild build = FrameworkBuild.ofTorchVersion(annotated).orElseThrow();
    assertThat(build.version()).isEqualTo("2.7.0+cu128");
    assertThat(build.cuda().orElseThrow()).hasToString("12.8");
    String cpu = "__version__ = '2.13.0+cpu'\ncuda: Optional[str] = None\n";
    assertThat(FrameworkBuild.ofTorchVersion(cpu).orElseThrow().cuda()).isEmpty();
    assertThat(FrameworkBuild.ofTorchVersion("nonsense")).isEmpty();
    FrameworkBuild wheel =
        FrameworkBuild.ofMetadata("torch", "Name: torch\nVersion: 2.6.0\n", "Version: 12.4.127\n")
            .orElseThrow();
    assertThat(wheel.cuda().orElseThrow()).hasToString("12.4");
  }

  @Test
  void an_image_asks_by_its_environment() {
    String asks =
        "cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=tesla,driver>=535,driver<536";
    CudaRequirement requirement = new CudaRequirement(asks);
    assertThat(requirement.cuda().orElseThrow()).hasToString("12.4");
    assertThat(requirement.isMetBy(DriverVersion.of("550.54.15").orElseThrow(), "geforce"))
        .isTrue();
    assertThat(requirement.isMetBy(DriverVersion.of("535.54.03").orElseThrow(), "geforce"))
        .isFalse();
    assertThat(requirement.isMetBy(DriverVersion.of("535.54.03").orElseThrow(), "tesla")).isTrue();
    assertThat(ImageToolkit.cuda("", asks, "")).hasValue(new CudaRelease(12, 4));
    assertThat(ImageToolkit.cuda("12.8.1", asks, "")).hasValue(new CudaRelease(12, 8));
    assertThat(ImageToolkit.cuda("", "", "CUDA Version 10.2.89\n"))
        .hasValue(new CudaRelease(10, 2));
    assertThat(ImageToolkit.cuda("", "", "libcudart.so.11.8.89")).hasValue(new CudaRelease(11, 8));
    assertThat(ImageToolkit.cuda("", "", "{}")).isEmpty();
  }
}
