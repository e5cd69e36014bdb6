import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

/** Bytes that wait in the queues of UDP sockets (/proc/net/udp and udp6). */
export function createUdpQueuesCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    for (const [file, ip] of [
      ["udp", "v4"],
      ["udp6", "v6"],
    ] as const) {
      const text = readWord(`${procRoot}/net/${file}`);
      if (text === undefined) continue;
      let sent = 0;
      let received = 0;
      for (const [, tx = "", rx = ""] of text.matchAll(/ ([0-9A-F]{8}):([0-9A-F]{8}) /g)) {
        sent += Number.parseInt(tx, 16);
        received += Number.parseInt(rx, 16);
      }
      const help = "Bytes in the queues of UDP sockets.";
      families.gauge("node_udp_queues", help, sent, { queue: "tx", ip });
      families.gauge("node_udp_queues", help, received, { queue: "rx", ip });
    }
    const list = families.list();
    return list.length === 0 ? undefined : list;
  }
  return { name: "udp_queues", isDefault: true, collect };
}
