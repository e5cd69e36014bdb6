import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";
import { nfsProcedures } from "./nfs-procedures.ts";
import { countsOf, readRpcFile } from "./read-rpc-file.ts";

/** What this machine asks NFS servers (/proc/net/rpc/nfs). */
export function createNfsCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const text = readWord(`${procRoot}/net/rpc/nfs`);
    if (text === undefined) return undefined;
    const lines = readRpcFile(text);
    const families = new Families();
    const [, udp, tcp, connections] = lines.get("net") ?? [];
    const [calls, retransmissions, refreshes] = lines.get("rpc") ?? [];
    const packets = "Network packets (sent and received) by protocol.";
    families.counterIf("node_nfs_packets_total", packets, udp, { protocol: "udp" });
    families.counterIf("node_nfs_packets_total", packets, tcp, { protocol: "tcp" });
    families.counterIf("node_nfs_connections_total", "TCP connections.", connections);
    families.counterIf("node_nfs_rpcs_total", "RPCs that were performed.", calls);
    families.counterIf("node_nfs_rpc_retransmissions_total", "RPCs that were sent again.", retransmissions);
    families.counterIf(
      "node_nfs_rpc_authentication_refreshes_total",
      "Times that a credential was refreshed.",
      refreshes,
    );
    for (const [proto, line, names] of [
      ["2", "proc2", nfsProcedures.version2],
      ["3", "proc3", nfsProcedures.version3],
      ["4", "proc4", nfsProcedures.version4Client],
    ] as const) {
      const counts = countsOf(lines.get(line));
      if (counts === undefined) continue;
      names.forEach((method, index) => {
        // A kernel that does not know an operation has not called it.
        const labels = { proto, method };
        families.counter("node_nfs_requests_total", "NFS procedures that were called.", counts[index] ?? 0, labels);
      });
    }
    return families.list();
  }
  return { name: "nfs", isDefault: true, collect };
}
