package dev.salvor.common.telemetry.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostTest {
  @ParameterizedTest
  @CsvSource({"0-95,96", "'0-3,8',5", "7,1", "'',0", "a-b,0", "5-2,0"})
  void a_list_of_processors_is_counted(String list, int count) {
    assertThat(CpuQuota.processors(list)).isEqualTo(count);
  }

  @Test
  void many_threads_on_few_processors_are_told() {
    assertThat(CpuQuota.advice(64, 2.5))
        .hasValueSatisfying(said -> assertThat(said).contains("64 threads share 2.50 processors"));
    assertThat(CpuQuota.advice(4, 4)).isEmpty();
    assertThat(CpuQuota.advice(4, 0)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw|/mnt 2|ext3",
        "30 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/a |/|ext4",
        "/dev/sda1 /a\\040b ext4 rw,relatime 0 0|/a b|ext4",
        "tmpfs /dev/shm tmpfs rw,size=8212480k 0 0|/dev/shm|tmpfs",
        "/dev/sda1 on /media/U 22.04 LTS type iso9660 (ro,nosuid)|/media/U 22.04 LTS|iso9660",
        "UUID=05d9 /boot xfs defaults|/boot|xfs",
        "/dev/disk1 on / (hfs, local, journaled)|/|''",
        "map auto_home on /home (autofs, automounted, nobrowse)|/home|''",
        "/dev/sda1 on /data type ext4 (rw) [DATA]|/data|ext4",
        "├─/proc proc proc rw,nosuid,nodev|/proc|proc"
      })
  void a_mount_is_read_in_every_form(String line, String place, String type) {
    Mount mount = Mount.of(line).orElseThrow();
    assertThat(mount.place()).isEqualTo(place);
    assertThat(mount.type()).isEqualTo(type);
  }

  @Test
  void a_mount_in_memory_tells_its_size() {
    assertThat(Mount.of("shm /dev/shm tmpfs rw,size=65536k 0 0").orElseThrow().size())
        .hasValue(64L << 20);
    assertThat(Mount.of("shm /dev/shm tmpfs rw,size=50% 0 0").orElseThrow().size()).isEmpty();
    assertThat(Mount.of("x on y")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Filesystem 1K-blocks Used Available Use% Mounted on|/dev/sda2 200 100 100 50%"
            + " /|204800|102400|false",
        "Filesystem Size Used Avail Use% Mounted on|overlay 1.5G 0.5G 1G 34%"
            + " /|1610612736|1073741824|false",
        "Filesystem Type 1M-blocks Used Available Use% Mounted on|/dev/sda2 ext4 200 100 100 50%"
            + " /|209715200|104857600|false",
        "Filesystem Inodes IUsed IFree IUse% Mounted on|/dev/sda2 1000 10 990 1% /|1000|990|true",
        "Filesystem 512-blocks Used Available Capacity iused ifree %iused Mounted on|/dev/disk1 200"
            + " 100 100 50% 5 6 1% /|102400|51200|false",
        "Filesystem 1K-blocks Used Available Use% Mounted on|//nas/my share 200 100 100 50% /my"
            + " place|204800|102400|false"
      })
  void df_is_read_in_every_form(
      String head, String row, double total, double free, boolean inodes) {
    List<DiskTable.Room> rooms = DiskTable.read(List.of(head, row));
    assertThat(rooms).hasSize(1);
    assertThat(rooms.getFirst().total()).isEqualTo(total);
    assertThat(rooms.getFirst().free()).isEqualTo(free);
    assertThat(rooms.getFirst().inodes()).isEqualTo(inodes);
    assertThat(rooms.getFirst().place()).startsWith("/");
  }

  @Test
  void df_breaks_a_long_name_over_two_lines() {
    List<DiskTable.Room> rooms =
        DiskTable.read(
            List.of(
                "Filesystem           1K-blocks      Used Available Use% Mounted on",
                "/dev/mapper/VolGroup00-LogVol00",
                "                      36678784   2034056  32751480   6% /",
                "/dev/hda1               101086     12020     83847  13% /boot"));
    assertThat(rooms).extracting(DiskTable.Room::place).containsExactly("/", "/boot");
    assertThat(rooms.getFirst().source()).isEqualTo("/dev/mapper/VolGroup00-LogVol00");
  }
}
