import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { formatName, parseName } from "../name/index.ts";
import { formatRecordData, formatRecordType, type ResourceRecord } from "../record/index.ts";
import { Zone } from "../zone/index.ts";
import { areZonesEqual, formatZoneFile } from "./format-zone-file.ts";
import { parseZoneFile, type ZoneFileFault } from "./parse-zone-file.ts";

const origin = parseName("example.org.");

function parse(text: string): { records: ResourceRecord[]; faults: ZoneFileFault[] } {
  const faults: ZoneFileFault[] = [];
  const records = [...parseZoneFile(text, { origin, onFault: (fault) => faults.push(fault) })];
  return { records, faults };
}

const show = ({ name, ttl, type, rdata }: ResourceRecord) =>
  `${formatName(name)} ${ttl} ${formatRecordType(type)} ${formatRecordData(type, rdata)}`;

const everything = `
$TTL 1h
@           IN SOA ns1 hostmaster (
                2024010101 ; serial
                2h 30m 2w  ; refresh, retry, expire
                5m )       ; minimum
            IN NS  ns1
               NS  ns2.example.net.
ns1         300 IN A 192.0.2.1
            IN 300 AAAA 2001:db8::1
WWW         CNAME @
*.wild      TXT "a;b" "say \\"hi\\"" c\\010d
a\\.b       A 192.0.2.2
\\000\\255  TXT ""
_sip._tcp   SRV 0 5 5060 ns1
$ORIGIN sub.example.org.
@           NS ns.sub.example.org.
ns          A 192.0.2.3
            TYPE65280 \\# 3 010203
`;

describe("parseZoneFile", () => {
  it("reads everything that RFC 1035 §5 has", () => {
    const { records, faults } = parse(everything);
    assert.deepEqual(faults, []);
    assert.deepEqual(records.map(show), [
      "example.org. 3600 SOA ns1.example.org. hostmaster.example.org. 2024010101 7200 1800 1209600 300",
      "example.org. 3600 NS ns1.example.org.",
      "example.org. 3600 NS ns2.example.net.",
      "ns1.example.org. 300 A 192.0.2.1",
      "ns1.example.org. 300 AAAA 2001:db8::1",
      "WWW.example.org. 3600 CNAME example.org.",
      '*.wild.example.org. 3600 TXT "a;b" "say \\"hi\\"" "c\\010d"',
      "a\\.b.example.org. 3600 A 192.0.2.2",
      '\\000\\255.example.org. 3600 TXT ""',
      "_sip._tcp.example.org. 3600 SRV 0 5 5060 ns1.example.org.",
      "sub.example.org. 3600 NS ns.sub.example.org.",
      "ns.sub.example.org. 3600 A 192.0.2.3",
      "ns.sub.example.org. 3600 TYPE65280 \\# 3 010203",
    ]);
  });

  it("takes the minimum of the SOA record where no TTL is given at all, and the last one after that", () => {
    const { records } = parse("@ SOA a b 1 2 3 4 5\n@ 60 NS a\n@ NS b\n");
    assert.deepEqual(
      records.map(({ ttl }) => ttl),
      [5, 60, 60],
    );
  });

  const faulty: [text: string, line: number, message: RegExp][] = [
    ["a 1 A 192.0.2.1\nb 1 A 192.0.2.1.\n", 2, /A: address is "192\.0\.2\.1\."/],
    ["$INCLUDE other\n", 1, /\$INCLUDE is not read/],
    ["$TTL soon\n", 1, /\$TTL is "soon"/],
    ["$GENERATE 1-2 a A 192.0.2.$\n", 1, /\$GENERATE is no directive/],
    ["a 1 CH TXT x\n", 1, /class is CH; expected IN/],
    ["a 1 IN\n", 1, /no type/],
    ["a 1 IN ANY x\n", 1, /ANY is a type of questions/],
    ["a 1 IN FROB x\n", 1, /"FROB" is no type/],
    ["  1 IN A 192.0.2.1\n", 1, /no owner name/],
    ["a A 192.0.2.1\n", 1, /no TTL is given/],
    ["a 99999999999 A 192.0.2.1\n", 1, /TTL is "99999999999"/],
    ["a.example.net. 1 A 192.0.2.1\n", 1, /not in the zone example\.org\./],
    ['a 1 TXT (\n\n "x\n', 3, /" without another one/],
    ["a 1 TXT (\n x\n", 1, /\( that is never closed/],
    ["a 1 TXT x )\n", 1, /\) without a \(/],
    ["a..b 1 A 192.0.2.1\n", 1, /empty label/],
  ];
  for (const [text, line, message] of faulty) {
    it(`names the fault in ${JSON.stringify(text)}`, () => {
      const { faults } = parse(text);
      assert.equal(faults.length, 1, JSON.stringify(faults));
      assert.equal(faults[0]?.line, line);
      assert.match(faults[0]?.message ?? "", message);
    });
  }

  it("goes on behind a fault", () => {
    const { records, faults } = parse("a 1 A x\nb 1 A 192.0.2.1\nc 1 A y\n");
    assert.deepEqual([records.length, faults.map(({ line }) => line)], [1, [1, 3]]);
  });
});

describe("formatZoneFile", () => {
  const zone = new Zone(origin, parse(everything).records);
  const text = [...formatZoneFile(zone)].join("");

  it("writes what is read back as the same zone", () => {
    const { records, faults } = parse(text);
    assert.deepEqual(faults, []);
    assert.ok(areZonesEqual(new Zone(origin, records), zone));
    assert.match(text, /^\$ORIGIN example\.org\.\n\$TTL 3600\n@\t\tIN\tSOA\t/);
  });

  it("writes what named-checkzone takes, and reads what it writes", () => {
    const directory = mkdtempSync(join(tmpdir(), "mycloud-zone-file-"));
    try {
      const file = join(directory, "zone");
      const canonical = join(directory, "canonical");
      writeFileSync(file, text, "latin1");
      execFileSync("named-checkzone", ["-i", "none", "-k", "ignore", "-D", "-o", canonical, "example.org", file], {
        encoding: "utf8",
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      });
      const { records, faults } = parse(execFileSync("cat", [canonical], { encoding: "latin1" }));
      assert.deepEqual(faults, []);
      assert.ok(areZonesEqual(new Zone(origin, records), zone));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
