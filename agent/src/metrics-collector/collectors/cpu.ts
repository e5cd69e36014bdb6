import { existsSync } from "node:fs";
import type { MetricLabels } from "@mycloud/protocol/exposition";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber, readText, readWord } from "../read-kernel-file.ts";

/** /proc/stat counts in hundredths of a second (USER_HZ) on every architecture Node runs on. */
const ticksPerSecond = 100;
const modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"] as const;
const idle = 3;
/** The kernel's idle figure may go back a little; by more than this the processor was away and counts anew. */
const newlyCounted = 3 * ticksPerSecond;

interface KnownCpu {
  readonly ticks: number[];
  readonly labels: readonly MetricLabels[];
  readonly guestLabels: readonly MetricLabels[];
}

/** What each processor did (/proc/stat), which are isolated, and how often heat slowed them (/sys/devices/system/cpu). */
export function createCpuCollector({ procRoot, sysRoot }: CollectorPlaces): Collector {
  let known = new Map<string, KnownCpu>();

  function collect() {
    const families = new Families();
    const next = new Map<string, KnownCpu>();
    for (const line of readText(`${procRoot}/stat`).split("\n")) {
      // Processors stand first; `cpu` alone is their sum.
      if (!line.startsWith("cpu")) break;
      const [name = "", ...words] = line.split(/\s+/);
      const cpu = name.slice(3);
      if (cpu === "") continue;
      next.set(cpu, notBack(known.get(cpu) ?? newCpu(cpu), words.map(Number)));
    }
    known = next;
    for (const { ticks, labels, guestLabels } of known.values()) {
      for (const [index, value] of ticks.entries()) {
        const mode = labels[index];
        if (mode !== undefined) {
          families.counter(
            "node_cpu_seconds_total",
            "Seconds each processor spent in each mode.",
            value / ticksPerSecond,
            mode,
          );
        }
        const guest = guestLabels[index - modes.length];
        if (guest !== undefined) {
          const help = "Seconds each processor spent for guests; also part of user and nice.";
          families.counter("node_cpu_guest_seconds_total", help, value / ticksPerSecond, guest);
        }
      }
    }
    for (const cpu of expandRanges(readWord(`${sysRoot}/devices/system/cpu/isolated`) ?? "")) {
      families.gauge("node_cpu_isolated", "Processors that the scheduler leaves alone.", 1, { cpu });
    }
    collectThrottles(sysRoot, families);
    return families.list();
  }

  return { name: "cpu", isDefault: true, collect };
}

function newCpu(cpu: string): KnownCpu {
  return {
    ticks: [],
    labels: modes.map((mode) => ({ cpu, mode })),
    guestLabels: ["user", "nice"].map((mode) => ({ cpu, mode })),
  };
}

/** iowait and idle of the kernel may go back by a tick or two, which Prometheus would take for a restart. */
function notBack(known: KnownCpu, now: readonly number[]): KnownCpu {
  const isNew = (known.ticks[idle] ?? 0) - (now[idle] ?? 0) >= newlyCounted;
  return { ...known, ticks: now.map((value, index) => (isNew ? value : Math.max(value, known.ticks[index] ?? 0))) };
}

/** `0-2,5` as ["0", "1", "2", "5"]. */
function expandRanges(text: string): string[] {
  return text.split(",").flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split("-").map((word) => Number.parseInt(word, 10));
    if (Number.isNaN(first) || Number.isNaN(last) || last - first > 8_192) return [];
    return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
  });
}

function collectThrottles(sysRoot: string, families: Families): void {
  const folder = `${sysRoot}/devices/system/cpu`;
  const names = listNames(folder)?.filter((name) => /^cpu\d+$/.test(name)) ?? [];
  // Virtual machines have none of these files: one look instead of four for each processor.
  if (!names.some((name) => existsSync(`${folder}/${name}/thermal_throttle`))) return;
  const cores = new Set<string>();
  const packages = new Set<string>();
  for (const name of names) {
    const core = readWord(`${folder}/${name}/topology/core_id`);
    const socket = readWord(`${folder}/${name}/topology/physical_package_id`);
    if (core === undefined || socket === undefined) continue;
    if (!cores.has(`${socket}/${core}`)) {
      const count = readNumber(`${folder}/${name}/thermal_throttle/core_throttle_count`);
      if (count !== undefined) cores.add(`${socket}/${core}`);
      families.counterIf("node_cpu_core_throttles_total", "How often heat slowed this core.", count, {
        core,
        package: socket,
      });
    }
    if (!packages.has(socket)) {
      const count = readNumber(`${folder}/${name}/thermal_throttle/package_throttle_count`);
      if (count !== undefined) packages.add(socket);
      families.counterIf("node_cpu_package_throttles_total", "How often heat slowed this package.", count, {
        package: socket,
      });
    }
  }
}
