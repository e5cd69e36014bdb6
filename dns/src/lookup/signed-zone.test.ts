import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatName, parseName } from "../name/index.ts";
import { formatRecordType, parseRecordType } from "../record/index.ts";
import { Zone } from "../zone/index.ts";
import { parseZoneFile } from "../zone-file/index.ts";
import { lookUp } from "./look-up.ts";
import type { SectionRrset } from "./lookup.ts";

// Signatures are not checked by who serves them: any octets will do.
const signature = "13 2 300 20301231000000 20200101000000 1 example. AAAA";
const keys = `
$ORIGIN example.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 300
@ RRSIG SOA ${signature}
@ NS ns1
@ DNSKEY 257 3 13 AAAA
ns1 A 192.0.2.1
*.wild A 192.0.2.5
`;

/** "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM" is the hash of "example." with the salt aabbccdd and 12 rounds (RFC 5155, appendix A). */
const hashOfApex = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom";
const zoneByNsec = `${keys}
@ NSEC ns1.example. NS SOA RRSIG NSEC DNSKEY
@ RRSIG NSEC ${signature}
ns1 NSEC *.wild A RRSIG NSEC
*.wild NSEC @ A RRSIG NSEC
`;
const zoneByNsec3 = `${keys}
@ NSEC3PARAM 1 0 12 aabbccdd
${hashOfApex} NSEC3 1 0 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA RRSIG DNSKEY NSEC3PARAM
2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 1 0 12 aabbccdd ${hashOfApex} A RRSIG
`;

function ask(text: string, name: string, type: string) {
  const origin = parseName("example.");
  const onFault = ({ line, message }: { line: number; message: string }) => assert.fail(`${line}: ${message}`);
  const zone = new Zone(origin, parseZoneFile(text, { origin, onFault }));
  const set = { get: (apex: string) => (apex === zone.apex ? zone : undefined) };
  return lookUp(set, { name: parseName(name), type: parseRecordType(type) ?? 0, wantsDnssec: true });
}

function list(section: readonly SectionRrset[]): string[] {
  return section.map(({ owner, rrset }) => `${formatName(owner)} ${formatRecordType(rrset.type)}`);
}

describe("a zone that was signed elsewhere", () => {
  test("proves by the apex' own NSEC record what the apex has not, beside its SOA record", () => {
    const { authority } = ask(zoneByNsec, "example.", "MX");
    assert.deepEqual(list(authority), ["example. SOA", "example. RRSIG", "example. NSEC", "example. RRSIG"]);
  });

  test("shows of a name that a wildcard stands for, and that has not the type, what is before it and what the wildcard has", () => {
    const { authority, kind } = ask(zoneByNsec, "a.wild.example.", "MX");
    assert.equal(kind, "no data");
    assert.deepEqual(list(authority), ["example. SOA", "example. RRSIG", "*.wild.example. NSEC"]);
  });

  test("has no name where there is only the hash of one, and none below", () => {
    for (const name of [`${hashOfApex}.example.`, `x.${hashOfApex.toUpperCase()}.example.`]) {
      const { kind, authority } = ask(zoneByNsec3, name, "NSEC3");
      assert.equal(kind, "name error");
      assert.ok(list(authority).includes(`${hashOfApex}.example. NSEC3`), "the apex is the closest encloser");
    }
  });
});
