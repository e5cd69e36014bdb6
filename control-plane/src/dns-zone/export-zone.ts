import type { Executor } from "../database/dialect/dialect.ts";
import { soaLine } from "../dns-publish/index.ts";
import { readRrsets } from "./rrset-store.ts";
import type { StoredRrset } from "./rrset-values.ts";
import type { StoredZone } from "./zone-store.ts";

/** A zone as a zone file (RFC 1035 §5), in pieces: all that is defined, whatever is published; names relative to the zone, comments behind `;`. */
export async function* zoneFileLines(executor: Executor, zone: StoredZone): AsyncGenerator<string> {
  const { defaultTtlSeconds } = zone.settings;
  // The SOA record's own line has everything absolute, which is right anywhere.
  yield `$ORIGIN ${zone.name}\n$TTL ${defaultTtlSeconds}\n${soaLine(zone.name, zone.settings, zone.serial)}\n`;
  for await (const page of readRrsets(executor, zone.id)) yield page.map(rrsetText).join("");
}

function rrsetText({ name, type, ttlSeconds, records, comment, owner }: StoredRrset): string {
  const remark = [owner, comment].filter((text) => text !== "").join(": ");
  // No line break of a comment becomes a line of the file.
  const head = remark === "" ? "" : `; ${remark.replace(/[\r\n]+/g, " ")}\n`;
  const ttl = ttlSeconds === null ? "" : `${ttlSeconds}\t`;
  return head + records.map(({ data }) => `${name}\t${ttl}IN\t${type}\t${data}\n`).join("");
}
