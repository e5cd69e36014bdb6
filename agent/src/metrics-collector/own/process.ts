import { readdirSync } from "node:fs";
import type { Collected, Collector } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

/** Linux' "unlimited", as node_exporter tells it. */
const unlimited = 2 ** 64;

/** What this process costs, by the names that Prometheus' client libraries share. `startedAtMs` since 1970. */
export function createProcessCollector(procRoot: string, startedAtMs: number, monotonicNow: () => number): Collector {
  async function collect(): Promise<Collected> {
    const families = new Families();
    const beforeMs = monotonicNow();
    await new Promise((resolve) => setImmediate(resolve));
    const lag = (monotonicNow() - beforeMs) / 1000;
    const { user, system } = process.cpuUsage();
    families.counter("process_cpu_seconds_total", "Processor time of the agent, in seconds.", (user + system) / 1e6);
    families.counter("process_cpu_user_seconds_total", "Of that, outside the kernel.", user / 1e6);
    families.counter("process_cpu_system_seconds_total", "Of that, in the kernel.", system / 1e6);
    families.gauge("process_start_time_seconds", "When the agent began, in seconds since 1970.", startedAtMs / 1000);
    addFiles(families, procRoot);
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
    families.gauge("process_resident_memory_bytes", "Memory of the agent that is in RAM.", rss);
    families.gauge("nodejs_heap_size_total_bytes", "Heap there is.", heapTotal);
    families.gauge("nodejs_heap_size_used_bytes", "Heap that is used.", heapUsed);
    families.gauge("nodejs_external_memory_bytes", "Memory of buffers and the like.", external);
    families.gauge("nodejs_eventloop_lag_seconds", "How long the event loop kept this scrape waiting.", lag);
    const [major = "", minor = "", patch = ""] = process.versions.node.split(".");
    families.gauge("nodejs_version_info", "The version of Node.", 1, { version: process.version, major, minor, patch });
    return families.list();
  }
  return { name: "process", isDefault: true, collect };
}

function addFiles(families: Families, procRoot: string): void {
  const limits = readWord(`${procRoot}/self/limits`) ?? "";
  const limit = (name: string) => {
    const word = new RegExp(`^${name} +(\\S+)`, "m").exec(limits)?.[1];
    return word === undefined ? undefined : word === "unlimited" ? unlimited : Number(word);
  };
  const virtual = /^VmSize:\s+(\d+) kB/m.exec(readWord(`${procRoot}/self/status`) ?? "")?.[1];
  if (virtual !== undefined) {
    families.gauge("process_virtual_memory_bytes", "Address space of the agent.", Number(virtual) * 1024);
  }
  families.gaugeIf("process_virtual_memory_max_bytes", "Address space it may have.", limit("Max address space"));
  families.gaugeIf("process_max_fds", "File descriptors it may have.", limit("Max open files"));
  // Reading the folder opens one itself.
  families.gauge("process_open_fds", "File descriptors it has.", readdirSync(`${procRoot}/self/fd`).length - 1);
}
