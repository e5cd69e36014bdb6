import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber, readWord } from "../read-kernel-file.ts";

/** Files of /sys/class/net/<device> and the metrics they become. */
const gauges = [
  ["addr_assign_type", "address_assign_type"],
  ["carrier", "carrier"],
  ["dev_id", "device_id"],
  ["dormant", "dormant"],
  ["flags", "flags"],
  ["ifindex", "iface_id"],
  ["iflink", "iface_link"],
  ["link_mode", "iface_link_mode"],
  ["mtu", "mtu_bytes"],
  ["name_assign_type", "name_assign_type"],
  ["netdev_group", "net_dev_group"],
  ["tx_queue_len", "transmit_queue_length"],
  ["type", "protocol_type"],
] as const;
const counters = [
  ["carrier_changes", "carrier_changes_total"],
  ["carrier_up_count", "carrier_up_changes_total"],
  ["carrier_down_count", "carrier_down_changes_total"],
] as const;
const gaugeMetrics = gauges.map(([file, field]) => [file, `node_network_${field}`, helpOf(field)] as const);
const counterMetrics = counters.map(([file, field]) => [file, `node_network_${field}`, helpOf(field)] as const);

function helpOf(field: string): string {
  return `Network device property: ${field}`;
}

/** What the network devices are and whether they are up (/sys/class/net). */
export function createNetclassCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${sysRoot}/class/net`;
    const devices = listNames(folder);
    if (devices === undefined) return undefined;
    const families = new Families();
    for (const device of devices) {
      const path = `${folder}/${device}`;
      const operstate = readWord(`${path}/operstate`);
      // bonding_masters is a file among the devices.
      if (operstate === undefined) continue;
      const labels = { device };
      families.gauge("node_network_up", "Whether the device's state is up.", operstate === "up" ? 1 : 0, labels);
      families.gauge("node_network_info", "What the device is.", 1, {
        device,
        address: readWord(`${path}/address`) ?? "",
        broadcast: readWord(`${path}/broadcast`) ?? "",
        duplex: readWord(`${path}/duplex`) ?? "",
        operstate,
        ifalias: readWord(`${path}/ifalias`) ?? "",
      });
      for (const [file, name, help] of gaugeMetrics)
        families.gaugeIf(name, help, readNumber(`${path}/${file}`), labels);
      for (const [file, name, help] of counterMetrics) {
        families.counterIf(name, help, readNumber(`${path}/${file}`), labels);
      }
      // Megabits; -1 of devices that have no speed is told as it is, as node_exporter does.
      const megabits = readNumber(`${path}/speed`);
      if (megabits !== undefined) {
        families.gauge("node_network_speed_bytes", helpOf("speed_bytes"), (megabits * 1_000_000) / 8, labels);
      }
    }
    return families.list();
  }
  return { name: "netclass", isDefault: true, collect };
}
