import { availableParallelism } from "node:os";
import type { Collector, CollectorPlaces } from "./collector.ts";
import { createArpCollector } from "./collectors/arp.ts";
import { createBondingCollector } from "./collectors/bonding.ts";
import { createConntrackCollector } from "./collectors/conntrack.ts";
import { createCpuCollector } from "./collectors/cpu.ts";
import { createCpufreqCollector } from "./collectors/cpufreq.ts";
import { createDiskstatsCollector } from "./collectors/diskstats.ts";
import { createDmiCollector } from "./collectors/dmi.ts";
import { createEdacCollector } from "./collectors/edac.ts";
import { createEntropyCollector } from "./collectors/entropy.ts";
import { createFilefdCollector } from "./collectors/filefd.ts";
import { createFilesystemCollector } from "./collectors/filesystem.ts";
import { createHungTasksCollector } from "./collectors/hung-tasks.ts";
import { createHwmonCollector } from "./collectors/hwmon.ts";
import { createInterruptsCollector } from "./collectors/interrupts.ts";
import { createLoadavgCollector } from "./collectors/loadavg.ts";
import { createMdadmCollector } from "./collectors/mdadm.ts";
import { createMeminfoCollector } from "./collectors/meminfo.ts";
import { createNetclassCollector } from "./collectors/netclass.ts";
import { createNetdevCollector } from "./collectors/netdev.ts";
import { createNetstatCollector } from "./collectors/netstat.ts";
import { createNfsCollector } from "./collectors/nfs.ts";
import { createNfsdCollector } from "./collectors/nfsd.ts";
import { createOsCollector } from "./collectors/os.ts";
import { createPowerSupplyCollector } from "./collectors/power-supply.ts";
import { createPressureCollector } from "./collectors/pressure.ts";
import { createProcessesCollector } from "./collectors/processes.ts";
import { createRaplCollector } from "./collectors/rapl.ts";
import { createSchedstatCollector } from "./collectors/schedstat.ts";
import { createSelinuxCollector } from "./collectors/selinux.ts";
import { createSockstatCollector } from "./collectors/sockstat.ts";
import { createSoftnetCollector } from "./collectors/softnet.ts";
import { createStatCollector } from "./collectors/stat.ts";
import { createTcpstatCollector } from "./collectors/tcpstat.ts";
import { createTextfileCollector, type TextfileOptions } from "./collectors/textfile.ts";
import { createThermalZoneCollector } from "./collectors/thermal-zone.ts";
import { createTimeCollector } from "./collectors/time.ts";
import { createTimexCollector } from "./collectors/timex.ts";
import { createUdpQueuesCollector } from "./collectors/udp-queues.ts";
import { createUnameCollector } from "./collectors/uname.ts";
import { createVmstatCollector } from "./collectors/vmstat.ts";
import { createZfsCollector } from "./collectors/zfs.ts";
import { createMeasureFileSystem, type MeasureFileSystem } from "./measure-file-system.ts";
import { refreshedEvery } from "./refreshed-every.ts";

export interface CollectorOptions {
  readonly places: CollectorPlaces;
  readonly textfiles: TextfileOptions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never set back. */
  readonly monotonicNow: () => number;
  /** How file systems are asked; left out: as measure-file-system.ts does. */
  readonly measure?: MeasureFileSystem;
  /** Processors; left out: this machine's. */
  readonly processors?: number;
}

/** The machine a process runs on. */
export const ownMachine: CollectorPlaces = { procRoot: "/proc", sysRoot: "/sys", root: "", udevRoot: "/run/udev/data" };

/** Prometheus gives a scrape 10 seconds; one dead server may take half of them. */
const fileSystemTimeoutMs = 5_000;
/** Interrupts make a series for each kind and processor. */
const fewProcessors = 8;
/** For each socket and each process the kernel is asked for a line. */
const lookAtSocketsEveryMs = 55_000;
const lookAtProcessesEveryMs = 25_000;

/** Every collector of this machine, by node_exporter's names and in its order. */
export function createCollectors(options: CollectorOptions): Collector[] {
  const { places, textfiles, now, monotonicNow, measure, processors } = options;
  const hasFewProcessors = (processors ?? availableParallelism()) <= fewProcessors;
  return [
    createArpCollector(places),
    createBondingCollector(places),
    createConntrackCollector(places),
    createCpuCollector(places),
    createCpufreqCollector(places),
    createDiskstatsCollector(places),
    createDmiCollector(places),
    createEdacCollector(places),
    createEntropyCollector(places),
    createFilefdCollector(places),
    createFilesystemCollector(places, measure ?? createMeasureFileSystem({ timeoutMs: fileSystemTimeoutMs })),
    createHwmonCollector(places),
    createInterruptsCollector(places, hasFewProcessors),
    createHungTasksCollector(places),
    createLoadavgCollector(places),
    createMdadmCollector(places),
    createMeminfoCollector(places),
    createNetclassCollector(places, monotonicNow),
    createNetdevCollector(places),
    createNetstatCollector(places),
    createNfsCollector(places),
    createNfsdCollector(places),
    createOsCollector(places),
    createPowerSupplyCollector(places),
    createPressureCollector(places),
    refreshedEvery(lookAtProcessesEveryMs, monotonicNow, createProcessesCollector(places)),
    createRaplCollector(places),
    createSchedstatCollector(places),
    createSelinuxCollector(places),
    createSockstatCollector(places),
    createSoftnetCollector(places),
    createStatCollector(places),
    refreshedEvery(lookAtSocketsEveryMs, monotonicNow, createTcpstatCollector(places)),
    createTextfileCollector(textfiles),
    createThermalZoneCollector(places),
    createTimeCollector(places, now),
    createTimexCollector(true),
    createUdpQueuesCollector(places),
    createUnameCollector(places),
    createVmstatCollector(places),
    createZfsCollector(places),
  ];
}
