import { readFileSync } from "node:fs";
import { endianness } from "node:os";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readWord, rowsOf } from "../read-kernel-file.ts";

const names: ReadonlySet<string> = new Set(["inuse", "orphan", "tw", "alloc", "mem", "memory"]);

/** Sockets in use (/proc/net/sockstat and sockstat6). */
export function createSockstatCollector({ procRoot }: CollectorPlaces): Collector {
  const pageSize = readPageSize(procRoot);

  function collect() {
    const families = new Families();
    for (const file of ["sockstat", "sockstat6"]) {
      for (const [key = "", ...pairs] of rowsOf(readWord(`${procRoot}/net/${file}`) ?? "")) {
        for (let index = 0; index + 1 < pairs.length; index += 2) {
          const value = numberOf(pairs[index + 1]);
          if (value !== undefined) add(families, key.replace(/:$/, ""), pairs[index] ?? "", value, pageSize);
        }
      }
    }
    return families.list();
  }
  return { name: "sockstat", isDefault: true, collect };
}

function add(families: Families, protocol: string, name: string, value: number, pageSize: number): void {
  if (protocol === "sockets") families.gauge("node_sockstat_sockets_used", "Number of sockets in use.", value);
  if (!names.has(name)) return;
  const metric = `node_sockstat_${protocol}_${name}`;
  families.gauge(metric, `Number of ${protocol} sockets in state ${name}.`, value);
  if (name !== "mem") return;
  // Counted in pages.
  families.gauge(`${metric}_bytes`, `Number of ${protocol} sockets in state mem_bytes.`, value * pageSize);
}

const AT_PAGESZ = 6;

/** Bytes of a page of memory, from the auxiliary vector (getauxval(3)); 4096 where it cannot be read. */
function readPageSize(procRoot: string): number {
  let vector: Buffer;
  try {
    vector = readFileSync(`${procRoot}/self/auxv`);
  } catch {
    return 4_096;
  }
  const word = (offset: number) =>
    Number(endianness() === "LE" ? vector.readBigUInt64LE(offset) : vector.readBigUInt64BE(offset));
  for (let offset = 0; offset + 16 <= vector.length; offset += 16) {
    if (word(offset) === AT_PAGESZ) return word(offset + 8);
  }
  return 4_096;
}
