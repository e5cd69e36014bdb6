import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readNumber, readWord, rowsOf } from "../read-kernel-file.ts";

/** Hexadecimal columns of /proc/net/stat/nf_conntrack, one row for each processor. */
const columns = [
  [2, "found", "Lookups that found an entry."],
  [4, "invalid", "Packets that cannot be tracked."],
  [5, "ignore", "Packets that were tracked already."],
  [8, "insert", "Entries inserted."],
  [9, "insert_failed", "Entries that could not be inserted."],
  [10, "drop", "Packets dropped because tracking failed."],
  [11, "early_drop", "Entries dropped to make room."],
  [16, "search_restart", "Lookups begun anew because the table was resized."],
] as const;

/** The firewall's table of connections. */
export function createConntrackCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const count = readNumber(`${procRoot}/sys/net/netfilter/nf_conntrack_count`);
    if (count === undefined) return undefined;
    const families = new Families();
    families.gauge("node_nf_conntrack_entries", "Connections that are tracked.", count);
    const limit = readNumber(`${procRoot}/sys/net/netfilter/nf_conntrack_max`);
    families.gaugeIf("node_nf_conntrack_entries_limit", "Connections that can be tracked.", limit);
    const rows = [...rowsOf(readWord(`${procRoot}/net/stat/nf_conntrack`) ?? "")].slice(1);
    if (rows.length === 0) return families.list();
    for (const [column, name, help] of columns) {
      const sum = rows.reduce((total, row) => total + Number.parseInt(row[column] ?? "0", 16), 0);
      families.gauge(`node_nf_conntrack_stat_${name}`, help, sum);
    }
    return families.list();
  }
  return { name: "conntrack", isDefault: true, collect };
}
