import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber, readWord } from "../read-kernel-file.ts";

/** Files of /sys/class/net/<device> and the metrics they become: those that change while it runs, and those that somebody changes. */
const changing = metricsOf([
  ["carrier", "carrier"],
  ["dormant", "dormant"],
  ["flags", "flags"],
  ["mtu", "mtu_bytes"],
]);
const lasting = metricsOf([
  ["addr_assign_type", "address_assign_type"],
  ["dev_id", "device_id"],
  ["iflink", "iface_link"],
  ["link_mode", "iface_link_mode"],
  ["name_assign_type", "name_assign_type"],
  ["netdev_group", "net_dev_group"],
  ["tx_queue_len", "transmit_queue_length"],
  ["type", "protocol_type"],
]);
const carrierUp = field("carrier_up_changes_total");
const carrierDown = field("carrier_down_changes_total");
const carrierChanges = field("carrier_changes_total");
const interfaceId = field("iface_id");
const speed = field("speed_bytes");

interface Field {
  readonly name: string;
  readonly help: string;
}

function field(name: string): Field {
  return { name: `node_network_${name}`, help: `Network device property: ${name}` };
}

function metricsOf(pairs: readonly (readonly [string, string])[]) {
  return pairs.map(([file, name]) => ({ file, ...field(name) }));
}

/** What is read of a device now and then: each file costs a system call or three, and there are twenty. */
interface LastingFacts {
  readonly index: number | undefined;
  readonly readAtMs: number;
  readonly values: readonly (number | undefined)[];
  readonly address: string;
  readonly broadcast: string;
  readonly ifalias: string;
}

const lookAgainMs = 55_000;

/** What the network devices are and whether they are up (/sys/class/net). */
export function createNetclassCollector({ sysRoot }: CollectorPlaces, monotonicNow: () => number): Collector {
  const known = new Map<string, LastingFacts>();

  function factsOf(device: string, path: string, index: number | undefined): LastingFacts {
    const facts = known.get(device);
    if (facts !== undefined && facts.index === index && monotonicNow() - facts.readAtMs < lookAgainMs) return facts;
    const read: LastingFacts = {
      index,
      readAtMs: monotonicNow(),
      values: lasting.map(({ file }) => readNumber(`${path}/${file}`)),
      address: readWord(`${path}/address`) ?? "",
      broadcast: readWord(`${path}/broadcast`) ?? "",
      ifalias: readWord(`${path}/ifalias`) ?? "",
    };
    known.set(device, read);
    return read;
  }

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
      const index = readNumber(`${path}/ifindex`);
      const labels = { device };
      const { values, address, broadcast, ifalias } = factsOf(device, path, index);
      const info = { device, address, broadcast, duplex: readWord(`${path}/duplex`) ?? "", operstate, ifalias };
      families.gauge("node_network_up", "Whether the device's state is up.", operstate === "up" ? 1 : 0, labels);
      families.gauge("node_network_info", "What the device is.", 1, info);
      families.gaugeIf(interfaceId.name, interfaceId.help, index, labels);
      for (const { file, name, help } of changing) families.gaugeIf(name, help, readNumber(`${path}/${file}`), labels);
      for (const [at, { name, help }] of lasting.entries()) families.gaugeIf(name, help, values[at], labels);
      addCarrierChanges(families, path, labels);
      // Megabits; -1 of devices that have no speed is told as it is, as node_exporter does.
      const megabits = readNumber(`${path}/speed`);
      families.gaugeIf(speed.name, speed.help, megabits === undefined ? undefined : (megabits * 1e6) / 8, labels);
    }
    for (const device of known.keys()) if (!devices.includes(device)) known.delete(device);
    return families.list();
  }
  return { name: "netclass", isDefault: true, collect };
}

/** The kernel's third figure is the sum of the two (net/core/net-sysfs.c). */
function addCarrierChanges(families: Families, path: string, labels: { readonly device: string }): void {
  const up = readNumber(`${path}/carrier_up_count`);
  const down = readNumber(`${path}/carrier_down_count`);
  families.counterIf(carrierUp.name, carrierUp.help, up, labels);
  families.counterIf(carrierDown.name, carrierDown.help, down, labels);
  const both = up === undefined || down === undefined ? readNumber(`${path}/carrier_changes`) : up + down;
  families.counterIf(carrierChanges.name, carrierChanges.help, both, labels);
}
