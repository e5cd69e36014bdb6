import { readFile } from "node:fs/promises";
import { countLabels, type DomainName, formatName, labelsOf, parseName } from "../../dns/src/name/index.ts";
import { octetsOfFile, parseZoneFile } from "../../dns/src/zone-file/index.ts";
import type { ServedZoneFile } from "../peers/name-servers.ts";
import type { DnsQuestion } from "./dns-client.ts";

const types = [
  ...["A", "AAAA", "NS", "SOA", "MX", "TXT", "CNAME", "DNAME", "DS", "SRV", "ANY", "PTR", "CAA"],
  ...["HTTPS", "SVCB", "NAPTR", "TLSA", "SSHFP", "TYPE65280", "TYPE999", "RRSIG", "NSEC", "DNSKEY"],
];

/** How each question is asked, one after the other: without EDNS, with it and little or much room, for DNSSEC, with flags that say something else. */
const ways: readonly Omit<DnsQuestion, "name" | "type">[] = [
  {},
  { edns: 512 },
  { edns: 4096 },
  { edns: 1232, wantsDnssec: true },
  { flags: 0x0100 },
  { flags: 0x0110, edns: 1400, wantsDnssec: true },
  { edns: 4096, options: [{ code: 65_001, data: Buffer.from("nobody knows this") }] },
];

/** Names outside of all zones, and such as look like one of ours. */
const strangers = ["org.", ".", "outside.example.", "notexample.org.", "www.outside.example.", "example.com."];

/**
 * Every type at every name of the zones, and at names that are not there: next to each, one and two labels below each, the wildcard itself, in other
 * letters. Each in all ways, or, where `isSampled`, in one of them.
 */
export async function* makeQuestions(
  zones: readonly ServedZoneFile[],
  { isSampled }: { readonly isSampled: boolean },
): AsyncGenerator<DnsQuestion> {
  let count = 0;
  for (const name of await namesToAsk(zones)) {
    for (const type of types) {
      count += 1;
      const chosen = isSampled ? [ways[count % ways.length] ?? {}] : ways.slice(0, count % 2 === 0 ? 4 : ways.length);
      for (const way of chosen) yield { name, type, ...way };
    }
  }
}

async function namesToAsk(zones: readonly ServedZoneFile[]): Promise<ReadonlySet<DomainName>> {
  const names = new Set<DomainName>(strangers.map((name) => parseName(name)));
  for (const { name: zone, file } of zones) {
    const origin = parseName(`${zone}.`);
    const onFault = ({ line, message }: { line: number; message: string }) => {
      throw new Error(`${file}:${line}: ${message}`);
    };
    for (const { name } of parseZoneFile(octetsOfFile(await readFile(file)), { origin, onFault })) {
      for (const near of namesNear(name)) names.add(near);
    }
  }
  return names;
}

function namesNear(name: DomainName): DomainName[] {
  const near = [name];
  for (const below of ["nope", "a.b", "*"]) {
    try {
      near.push(parseName(below, name));
    } catch {
      // No room for another label.
    }
  }
  const text = formatName(name);
  if (countLabels(name) > 1 && !labelsOf(name).some((label) => /[^a-z0-9_*-]/i.test(label))) {
    near.push(parseName([...text].map((letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)).join("")));
  }
  return near;
}
