import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, numberOf, readWord, rowsOf } from "../read-kernel-file.ts";

/** The kernel's files, and what node_exporter calls them. */
const subsystems = {
  zfs_abd: "abdstats",
  zfs_arc: "arcstats",
  zfs_dbuf: "dbufstats",
  zfs_dmu_tx: "dmu_tx",
  zfs_dnode: "dnodestats",
  zfs_fm: "fm",
  zfs_vdev_cache: "vdev_cache_stats",
  zfs_vdev_mirror: "vdev_mirror_stats",
  zfs_xuio: "xuio_stats",
  zfs_zfetch: "zfetchstats",
  zfs_zil: "zil",
};
const poolStates = ["online", "degraded", "faulted", "offline", "removed", "unavail", "suspended"];

/** ZFS: its caches, its pools and what is done to each dataset (/proc/spl/kstat/zfs). */
export function createZfsCollector({ procRoot }: CollectorPlaces): Collector {
  const folder = `${procRoot}/spl/kstat/zfs`;

  function collect() {
    const pools = listNames(folder);
    if (pools === undefined) return undefined;
    const families = new Families();
    for (const [subsystem, file] of Object.entries(subsystems)) {
      for (const [name, value] of readKstat(readWord(`${folder}/${file}`) ?? "").numbers) {
        families.untyped(`node_${subsystem}_${metricName(name)}`, `kstat.zfs.misc.${file}.${name}`, value);
      }
    }
    for (const zpool of pools) {
      addIo(families, zpool, readWord(`${folder}/${zpool}/io`));
      addState(families, zpool, readWord(`${folder}/${zpool}/state`));
      for (const file of listNames(`${folder}/${zpool}`) ?? []) {
        if (file.startsWith("objset-")) addDataset(families, zpool, readWord(`${folder}/${zpool}/${file}`));
      }
    }
    return families.list();
  }
  return { name: "zfs", isDefault: true, collect };
}

/** Newer versions of ZFS have no such file: they count by dataset. */
function addIo(families: Families, zpool: string, text: string | undefined): void {
  const rows = [...rowsOf(text ?? "")];
  const heading = rows.findIndex(([first]) => first === "nread");
  rows[heading]?.forEach((field, index) => {
    const value = numberOf(rows[heading + 1]?.[index]);
    if (value === undefined) return;
    families.untyped(`node_zfs_zpool_${metricName(field)}`, `kstat.zfs.misc.io.${field}`, value, { zpool });
  });
}

function addState(families: Families, zpool: string, text: string | undefined): void {
  if (text === undefined) return;
  for (const state of poolStates) {
    const isNow = state === text.toLowerCase() ? 1 : 0;
    families.gauge("node_zfs_zpool_state", "kstat.zfs.misc.state", isNow, { zpool, state });
  }
}

function addDataset(families: Families, zpool: string, text: string | undefined): void {
  const { numbers, dataset } = readKstat(text ?? "");
  if (dataset === undefined) return;
  for (const [name, value] of numbers) {
    const metric = `node_zfs_zpool_dataset_${metricName(name)}`;
    families.untyped(metric, `kstat.zfs.misc.objset.${name}`, value, { zpool, dataset });
  }
}

/** A table of kstat (sys/kstat.h): after `name type data` a line for each value, whose type is 3 or 4 where it is an integer of 64 bits. Pure. */
export function readKstat(text: string): {
  readonly numbers: [string, number][];
  readonly dataset: string | undefined;
} {
  const numbers: [string, number][] = [];
  let dataset: string | undefined;
  const [, table = ""] = text.split(/^name\s+type\s+data[ \t]*$/m);
  for (const line of table.split("\n")) {
    // A dataset's name may hold blanks.
    const [, name = "", type = "", data = ""] = /^(\S+)\s+(\d+)\s+(\S.*)$/.exec(line.trimEnd()) ?? [];
    const value = numberOf(data);
    if (name === "dataset_name") dataset = data;
    else if ((type === "3" || type === "4") && value !== undefined) numbers.push([name, value]);
  }
  return { numbers, dataset };
}

function metricName(name: string): string {
  return name.replaceAll("-", "_");
}
