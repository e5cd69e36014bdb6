import { existsSync, readFileSync } from "node:fs";

/** What each disk has done since boot: the numbers of one line of /proc/diskstats that are used here. */
export const DISK_COUNTER_NAMES = [
  "reads",
  "readSectors",
  "readMs",
  "writes",
  "writtenSectors",
  "writeMs",
  "busyMs",
] as const;

/** Columns after the device name (kernel Documentation/admin-guide/iostats.rst). */
const COLUMNS = [0, 2, 3, 4, 6, 7, 9];
/** /proc/diskstats counts 512-byte sectors whatever the device's own are. */
export const SECTOR_BYTES = 512;

/** Reads the counters of whole disks, or of every block device; loop and RAM disks never. */
export function readDiskCounters(procRoot: string, sysRoot: string, withPartitions: boolean): Map<string, number[]> {
  const counters = new Map<string, number[]>();
  for (const line of readFileSync(`${procRoot}/diskstats`, "utf8").split("\n")) {
    const [, , name, ...values] = line.trim().split(/\s+/);
    if (name === undefined || /^(loop|ram|zram|sr|fd)\d+$/.test(name)) continue;
    // /sys/block lists disks, not partitions. A `/` in a device name (cciss/c0d0) is written `!` there.
    if (!withPartitions && !existsSync(`${sysRoot}/block/${name.replaceAll("/", "!")}`)) continue;
    counters.set(
      name,
      COLUMNS.map((column) => Number(values[column] ?? 0)),
    );
  }
  return counters;
}
