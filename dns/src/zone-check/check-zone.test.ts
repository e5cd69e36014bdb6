import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseName } from "../name/index.ts";
import { Zone } from "../zone/index.ts";
import { parseZoneFile } from "../zone-file/index.ts";
import { checkZone } from "./check-zone.ts";

const apex = parseName("example.org.");
const sound = "$TTL 60\n@ SOA ns1 host 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\n";

function findings(text: string, head = sound): string[] {
  const onFault = ({ message }: { message: string }) => assert.fail(message);
  return checkZone(new Zone(apex, parseZoneFile(head + text, { origin: apex, onFault }))).map(
    ({ severity, code, name, type }) => `${severity} ${code} ${name} ${type}`,
  );
}

describe("checkZone", () => {
  const cases: [text: string, found: string[]][] = [
    ["", []],
    ["a CNAME ns1\n*.w CNAME ns1\nb CNAME elsewhere.test.\n_dmarc TXT x\n_x CNAME ns1\n", []],
    ["a CNAME ns1\na TXT x\na A 192.0.2.1\n", ["error alias-beside-others a.example.org. CNAME"]],
    ["a CNAME ns1\na CNAME b.test.\n", ["error several-aliases a.example.org. CNAME"]],
    ["@ CNAME a.test.\n", ["error alias-at-apex example.org. CNAME"]],
    ["a CNAME b\nb CNAME A\n", ["error alias-circle a.example.org. CNAME", "error alias-circle b.example.org. CNAME"]],
    ["a CNAME a\n", ["error alias-circle a.example.org. CNAME"]],
    ["a CNAME nowhere\n", ["warning target-missing a.example.org. CNAME"]],
    ["a CNAME ns1.example.org\n", ["warning trailing-dot-missing a.example.org. CNAME"]],
    ["@ MX 10 mail.example.org\n", ["warning trailing-dot-missing example.org. MX"]],
    ["@ MX 10 alias\nalias CNAME ns1\n", ["error target-is-alias example.org. MX"]],
    ["@ MX 10 text\ntext TXT x\n", ["warning target-missing example.org. MX"]],
    ["@ NS text\ntext TXT x\n", ["error target-missing example.org. NS"]],
    ["@ MX 0 .\n", []],
    ["@ MX 0 .\n@ MX 10 ns1\n", ["error null-target-beside-others example.org. MX"]],
    ["sub NS ns.sub\n", ["error glue-missing sub.example.org. NS"]],
    ["sub NS ns.sub\nns.sub A 192.0.2.5\n", []],
    ["sub NS ns.other\nother NS ns.other\nns.other A 192.0.2.5\n", []],
    ["sub NS ns1\nx.sub TXT x\n", ["warning hidden-by-delegation x.sub.example.org. null"]],
    ["d DNAME other.test.\nx.d A 192.0.2.1\n", ["error below-dname x.d.example.org. null"]],
    ["*.w NS ns1\n", ["error wildcard-delegation *.w.example.org. NS"]],
    ["under_score A 192.0.2.1\n", ["warning unusable-host-name under_score.example.org. A"]],
    ["*.w A 192.0.2.1\nW-1 A 192.0.2.1\n", []],
    ["_sip._tcp SRV 0 0 5060 gone\n", ["warning target-missing _sip._tcp.example.org. SRV"]],
    ["@ MX 10 x.w\n*.w A 192.0.2.1\n", []],
  ];
  for (const [text, found] of cases)
    it(`finds ${found.length === 0 ? "nothing" : found.join(", ")} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(findings(text), found));

  it("wants name servers and sensible timers at the apex", () => {
    assert.deepEqual(findings("", "$TTL 60\n@ SOA ns host 1 3600 7200 3600 90000\n"), [
      "error no-name-server example.org. null",
      ...new Array<string>(3).fill("warning soa-timers example.org. SOA"),
    ]);
  });
});
