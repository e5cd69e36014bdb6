import { readdirSync } from "node:fs";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readNumber, readWord } from "../read-kernel-file.ts";

/** Up to here each process is looked at; beyond, only what the kernel counts itself is told. */
const looksAt = 1_000;

/** How many processes and threads there are, and in which state. On machines with very many processes their states are left out. */
export function createProcessesCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    const pids = readdirSync(procRoot).filter((name) => /^\d+$/.test(name));
    let count = pids.length;
    let threads = Number(/\/(\d+) /.exec(readWord(`${procRoot}/loadavg`) ?? "")?.[1] ?? Number.NaN);
    if (count <= looksAt) {
      const states = new Map<string, number>();
      count = 0;
      threads = 0;
      for (const pid of pids) {
        const text = readWord(`${procRoot}/${pid}/stat`);
        // It ended meanwhile.
        if (text === undefined) continue;
        // The name in parentheses may hold anything, also blanks and parentheses.
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ", 18);
        const state = fields[0] ?? "";
        count++;
        threads += Number(fields[17] ?? 1);
        states.set(state, (states.get(state) ?? 0) + 1);
      }
      for (const [state, number] of states) {
        families.gauge("node_processes_state", "Processes by their state.", number, { state });
      }
    }
    if (!Number.isNaN(threads)) families.gauge("node_processes_threads", "Threads there are.", threads);
    families.gauge("node_processes_pids", "Processes there are.", count);
    const help = "Threads there may be.";
    families.gaugeIf("node_processes_max_threads", help, readNumber(`${procRoot}/sys/kernel/threads-max`));
    families.gaugeIf(
      "node_processes_max_processes",
      "Processes there may be.",
      readNumber(`${procRoot}/sys/kernel/pid_max`),
    );
    return families.list();
  }
  return { name: "processes", isDefault: true, collect };
}
