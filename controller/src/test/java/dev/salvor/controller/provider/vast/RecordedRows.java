package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Rows as the platform's documents and its client's source show them, with every oddity: numbers
/// that are text, texts that end in a newline, null for what is not known yet, -1 for what is not
/// measured.
final class RecordedRows {
  private static final String OFFER =
      """
      {"id":11,"ask_contract_id":11,"bundle_id":5311,"bundled_results":null,"bw_nvlink":0.0,
       "compute_cap":890,"cpu_arch":"amd64","cpu_cores":64,"cpu_cores_effective":16.0,
       "cpu_ghz":3.2,"cpu_name":"AMD EPYC 7742 64-Core Processor\\n","cpu_ram":257863,
       "credit_discount_max":0.4,"cuda_max_good":12.6,"direct_port_count":100,"disk_bw":2500.0,
       "disk_name":"nvme","disk_space":500.0,"dlperf":90.1,"dlperf_per_dphtotal":150.2,
       "dph_base":0.5972,"dph_total":0.6,"driver_version":"560.35.03","driver_vers":560035003,
       "duration":2592000.0,"end_date":1.8e9,"external":false,"flops_per_dphtotal":137.7,
       "geolocation":"Sweden, SE","geolocode":17,"gpu_arch":"nvidia","gpu_display_active":false,
       "gpu_frac":1.0,"gpu_ids":[9],"gpu_lanes":16,"gpu_mem_bw":1008.0,"gpu_name":"RTX 4090",
       "gpu_ram":24564,"gpu_total_ram":24564,"gpu_max_power":450,"gpu_max_temp":85.0,"has_avx":1,
       "host_id":500,"hosting_type":1,"hostname":null,"inet_down":900.5,"inet_down_cost":0.002,
       "inet_up":800.1,"inet_up_cost":0.003,"is_bid":false,"logo":null,"machine_id":111,
       "min_bid":0.3,"mobo_name":"ROME2D32GM-2T","num_gpus":1,"os_version":"22.04","pci_gen":4.0,
       "pcie_bw":24.6,"public_ipaddr":"1.2.3.4\\n","reliability":0.99,"reliability2":0.99,
       "reliability_mult":0.98,"rentable":true,"rented":false,"score":200.1,"start_date":1.7e9,
       "static_ip":true,"storage_cost":0.2,"storage_total_cost":0.0028,"total_flops":82.6,
       "verification":"verified","vericode":1,"vram_costperhour":2.4e-5,"webpage":null,
       "vms_enabled":false,"expected_reliability":0.99,"is_vm_deverified":false,
       "resource_type":"gpu","cluster_id":null,"avail_vol_ask_id":null,"avail_vol_dph":null,
       "avail_vol_size":null,"rn":1,"dph_total_adj":0.6,"discount_rate":null,
       "search":{"gpuCostPerHour":0.597,"diskHour":0.0028,"totalHour":0.6},"time_remaining":""}
      """;

  private static final String INSTANCE =
      """
      {"id":7001,"actual_status":null,"intended_status":"running","cur_state":"running",
       "next_state":"running","status_msg":null,"label":null,"start_date":1.7e9,"end_date":1.8e9,
       "duration":3600.0,"uptime_mins":null,"time_remaining":"12 Mon 24 D 16 Hr",
       "image_uuid":"salvor/test","image_args":[],"image_runtype":"ssh ssh_direc ssh_proxy",
       "extra_env":[["A","b"]],"onstart":"","template_id":null,"template_hash_id":null,
       "jupyter_token":"","ssh_host":"ssh4.vast.ai","ssh_port":31234,"ssh_idx":"4",
       "machine_dir_ssh_port":31299,"local_ipaddrs":"192.168.1.2 172.17.0.1 \\n",
       "direct_port_start":-1,"direct_port_end":-1,"ports":null,"country_code":"SE",
       "gpu_totalram":24564,"gpu_util":null,"gpu_temp":null,"cpu_util":-1,"mem_usage":null,
       "mem_limit":64.0,"vmem_usage":null,"disk_space":10.0,"disk_usage":-1,"disk_util":-1,
       "credit_balance":null,"credit_discount":null,"client_run_time":1.1,"host_run_time":2592000.0,
       "volume_info":[]}
      """;

  static final String PORTS =
      """
      {"22/tcp":[{"HostIp":"0.0.0.0","HostPort":"20022"},{"HostIp":"::","HostPort":"20022"}],
       "8080/tcp":[{"HostIp":"0.0.0.0","HostPort":"20080"}]}
      """;

  private RecordedRows() {}

  static ObjectNode offer() {
    return read(OFFER);
  }

  /// A rental of this offer, before anything is reported of it.
  static ObjectNode rental(ObjectNode offer) {
    ObjectNode row = offer.deepCopy();
    row.setAll(read(INSTANCE));
    return row;
  }

  static ObjectNode read(String json) {
    try {
      return (ObjectNode) Wire.JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A recorded shape does not read", e);
    }
  }
}
