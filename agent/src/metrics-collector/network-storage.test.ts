// A machine that shares files by NFS from ZFS: the same series as node_exporter's are compared in test/acceptance/agent-metrics.test.ts.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import type { MetricFamily } from "@mycloud/protocol/exposition";
import type { CollectorPlaces } from "./collector.ts";
import { createNfsCollector } from "./collectors/nfs.ts";
import { createNfsdCollector } from "./collectors/nfsd.ts";
import { createZfsCollector, readKstat } from "./collectors/zfs.ts";
import { unpackTree } from "./testing/unpack-tree.ts";

async function collected(places: CollectorPlaces): Promise<readonly MetricFamily[]> {
  const all = [createNfsCollector(places), createNfsdCollector(places), createZfsCollector(places)];
  return (await Promise.all(all.map(({ collect }) => collect([])))).flatMap((families) => families ?? []);
}

function sampleOf(families: readonly MetricFamily[], name: string, labels: Record<string, string> = {}) {
  const samples = families.find((family) => family.name === name)?.samples ?? [];
  return samples.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
}

test("NFS counts are told by procedure, those of ZFS by pool and dataset", async () => {
  const families = await collected(unpackTree("nas1"));
  const table: [string, Record<string, string>, number][] = [
    ["node_nfs_packets_total", { protocol: "tcp" }, 800],
    ["node_nfs_rpc_retransmissions_total", {}, 17],
    ["node_nfsd_reply_cache_nocache_total", {}, 90_211],
    ["node_nfsd_rpc_errors_total", { error: "cInt" }, 3],
    ["node_nfsd_read_ahead_cache_not_found_total", {}, 9],
    ["node_zfs_arc_memory_available_bytes", {}, -922_337_203_685],
    ["node_zfs_fm_erpt_dropped", {}, 18],
    ["node_zfs_zpool_nwritten", { zpool: "attic" }, 3_206_144],
    ["node_zfs_zpool_state", { zpool: "attic", state: "degraded" }, 1],
    ["node_zfs_zpool_state", { zpool: "attic", state: "online" }, 0],
    ["node_zfs_zpool_dataset_nread", { zpool: "tank", dataset: "tank/home" }, 28],
  ];
  for (const [name, labels, value] of table) assert.equal(sampleOf(families, name, labels), value, name);
});

test("a line that is cut off is left out, and an operation that a kernel does not know was not called", async () => {
  const places = unpackTree("nas1");
  writeFileSync(`${places.procRoot}/net/rpc/nfs`, "net 1 0\nproc3 22 0 5\nproc4 3 0 7 8\n");
  writeFileSync(`${places.procRoot}/net/rpc/nfsd`, "th\nproc4ops 40 1\n");
  const families = await collected(places);
  const requests = families.find(({ name }) => name === "node_nfs_requests_total")?.samples ?? [];
  assert.deepEqual(new Set(requests.map(({ labels }) => labels.proto)), new Set(["4"]));
  assert.equal(sampleOf(families, "node_nfs_requests_total", { proto: "4", method: "Write" }), 8);
  assert.equal(sampleOf(families, "node_nfs_requests_total", { proto: "4", method: "Clone" }), 0);
  assert.equal(sampleOf(families, "node_nfs_connections_total"), undefined);
  assert.ok(!families.some(({ name }) => name.startsWith("node_nfsd")));
});

test("a table of kstat may hold words, a name with blanks, or nothing", () => {
  const text = "1 1 0x01 3\nname type data\ndataset_name 7 tank/my files\nwrites 4 12\nbirth 2 5\nodd 4 x\n";
  assert.deepEqual(readKstat(text), { dataset: "tank/my files", numbers: [["writes", 12]] });
  assert.deepEqual(readKstat(""), { dataset: undefined, numbers: [] });
});
