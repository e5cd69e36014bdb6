import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { ServedZoneFile } from "../../test/peers/name-servers.ts";

/** Hosts with addresses, and a mail exchanger. */
export async function writeBenchZone(directory: string, hosts: number): Promise<ServedZoneFile> {
  const file = join(directory, `bench-${hosts}.zone`);
  const stream = createWriteStream(file);
  stream.write("$TTL 300\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\n@ MX 10 mail\n");
  stream.write("ns1 A 192.0.2.1\nmail A 192.0.2.2\n");
  for (let at = 0; at < hosts; at += 1000) {
    let lines = "";
    for (let index = at; index < Math.min(at + 1000, hosts); index += 1) {
      lines += `host${index} A 10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}\n`;
    }
    if (!stream.write(lines)) await new Promise((resolve) => stream.once("drain", resolve));
  }
  stream.end();
  await finished(stream);
  return { name: "bench.test", file };
}

/** What clients ask: nine in ten an address, seven in a hundred a name that is not there, the rest the mail exchanger. The same each time. */
export async function writeBenchQueries(directory: string, hosts: number): Promise<string> {
  const file = join(directory, "queries");
  const lines = Array.from({ length: 20_000 }, (_, index) => {
    const kind = index % 100;
    if (kind < 90) return `host${(index * 7919) % hosts}.bench.test A`;
    return kind < 97 ? `nothing${index}.bench.test A` : "bench.test MX";
  });
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}
