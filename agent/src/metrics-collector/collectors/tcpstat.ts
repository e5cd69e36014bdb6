import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

/** include/net/tcp_states.h, from 1. */
const states = [
  ..."established syn_sent syn_recv fin_wait1 fin_wait2 time_wait close close_wait last_ack listen closing".split(" "),
];
/** Beyond so many sockets reading them all costs more than the answer is worth; sockstat still counts them. */
const looksAt = 5_000;
/** `  0: 0100007F:0016 00000000:0000 0A 00000000:00000000`: the state and what waits to be sent and to be read. */
const socket = /^ *\d+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:[0-9A-F]+ ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8})/gm;

/** TCP connections by their state (/proc/net/tcp and tcp6). Nothing on machines with very many. */
export function createTcpstatCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    if (countSockets(procRoot) > looksAt) return undefined;
    const counts = new Map<string, number>();
    let received = 0;
    let sent = 0;
    for (const file of ["tcp", "tcp6"]) {
      for (const [, state = "", tx = "", rx = ""] of (readWord(`${procRoot}/net/${file}`) ?? "").matchAll(socket)) {
        const name = states[Number.parseInt(state, 16) - 1];
        if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
        sent += Number.parseInt(tx, 16);
        received += Number.parseInt(rx, 16);
      }
    }
    const families = new Families();
    const add = (state: string, value: number) =>
      families.gauge("node_tcp_connection_states", "TCP connections by their state; bytes in their queues.", value, {
        state,
      });
    for (const [state, count] of counts) add(state, count);
    add("rx_queued_bytes", received);
    add("tx_queued_bytes", sent);
    return families.list();
  }
  return { name: "tcpstat", isDefault: true, collect };
}

function countSockets(procRoot: string): number {
  const four = readWord(`${procRoot}/net/sockstat`) ?? "";
  const six = readWord(`${procRoot}/net/sockstat6`) ?? "";
  const of = (pattern: RegExp, text: string) => Number(pattern.exec(text)?.[1] ?? 0);
  return of(/^TCP: inuse (\d+)/m, four) + of(/ tw (\d+)/, four) + of(/^TCP6: inuse (\d+)/m, six);
}
