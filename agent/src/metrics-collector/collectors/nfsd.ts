import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";
import { nfsProcedures } from "./nfs-procedures.ts";
import { countsOf, readRpcFile } from "./read-rpc-file.ts";

/** What the kernel counts and node_exporter does not tell. */
const notTold: ReadonlySet<string> = new Set(["Null", "Op0Unused", "Op1Unused", "Op2Future", "PutPubFH", "PutRootFH"]);

/** What this machine's NFS server was asked (/proc/net/rpc/nfsd). */
export function createNfsdCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const text = readWord(`${procRoot}/net/rpc/nfsd`);
    if (text === undefined) return undefined;
    const lines = readRpcFile(text);
    const families = new Families();
    const at = (line: string, index: number) => lines.get(line)?.[index];
    const count = (name: string, help: string, value: number | undefined, labels?: Readonly<Record<string, string>>) =>
      families.counterIf(`node_nfsd_${name}`, help, value, labels);
    count("reply_cache_hits_total", "Requests whose answer a client had lost.", at("rc", 0));
    count("reply_cache_misses_total", "Requests that had to be kept in the reply cache.", at("rc", 1));
    count("reply_cache_nocache_total", "Requests that need not be kept.", at("rc", 2));
    count("file_handles_stale_total", "File handles that were stale.", at("fh", 0));
    count("disk_bytes_read_total", "Bytes that were read.", at("io", 0));
    count("disk_bytes_written_total", "Bytes that were written.", at("io", 1));
    families.gaugeIf("node_nfsd_server_threads", "Threads of the server.", at("th", 0));
    families.gaugeIf("node_nfsd_read_ahead_cache_size_blocks", "Size of the read ahead cache.", at("ra", 0));
    count("read_ahead_cache_not_found_total", "What the read ahead cache did not have.", at("ra", 11));
    count("packets_total", "Network packets (sent and received) by protocol.", at("net", 1), { proto: "udp" });
    count("packets_total", "Network packets (sent and received) by protocol.", at("net", 2), { proto: "tcp" });
    count("connections_total", "TCP connections.", at("net", 3));
    ["fmt", "auth", "cInt"].forEach((error, index) => {
      count("rpc_errors_total", "RPCs that could not be understood or were refused.", at("rpc", 2 + index), {
        error,
      });
    });
    count("server_rpcs_total", "RPCs.", at("rpc", 0));
    for (const [proto, line, names] of [
      ["2", "proc2", nfsProcedures.version2],
      ["3", "proc3", nfsProcedures.version3],
      ["4", "proc4ops", nfsProcedures.version4Operations],
    ] as const) {
      const counts = countsOf(lines.get(line));
      if (counts === undefined) continue;
      names.forEach((method, index) => {
        if (notTold.has(method)) return;
        // Kernels before 2.6 do not know the last operation.
        count("requests_total", "Requests by procedure and version.", counts[index] ?? 0, { proto, method });
      });
    }
    count("requests_total", "Requests by procedure and version.", at("wdeleg_getattr", 0), {
      proto: "4",
      method: "WdelegGetattr",
    });
    return families.list();
  }
  return { name: "nfsd", isDefault: true, collect };
}
