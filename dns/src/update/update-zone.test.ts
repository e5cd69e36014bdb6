import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { classes, type Message, type MessageRecord, resultCodes } from "../message/index.ts";
import { formatName, lowerName, parseName } from "../name/index.ts";
import { formatRecordData, formatRecordType, parseRecordText, parseRecordType, recordTypes } from "../record/index.ts";
import { Zone } from "../zone/index.ts";
import { parseZoneFile } from "../zone-file/index.ts";
import { updateZone } from "./update-zone.ts";

const apex = parseName("example.org.");
const nowMs = Date.parse("2024-05-06T00:00:00Z");

const makeZone = () =>
  new Zone(
    apex,
    parseZoneFile(
      `$TTL 60
@ SOA ns1 host 2024010101 1 2 3 4
@ NS ns1
@ NS ns2
@ MX 10 mail
ns1 A 192.0.2.1
a A 192.0.2.2
a A 192.0.2.3
a TXT "t"
alias CNAME a
`,
      { origin: apex, onFault: (fault) => assert.fail(fault.message) },
    ),
  );

/** `a 60 IN A 192.0.2.9`, `a 0 ANY ANY`, `a 0 NONE A 192.0.2.2`. */
function entry(text: string): MessageRecord {
  const [name = "", ttl = "", className = "", type = "", ...data] = text.split(" ");
  const code = parseRecordType(type) ?? assert.fail(type);
  const rdata = data.length === 0 ? "" : parseRecordText(code, data.join(" "), apex);
  const recordClass = Object.entries(classes).find(([each]) => each === className)?.[1] ?? assert.fail(className);
  return { name: name === "@" ? apex : parseName(name, apex), type: code, class: recordClass, ttl: Number(ttl), rdata };
}

function run(
  prerequisites: string[],
  updates: string[],
  allows: Parameters<typeof updateZone>[2]["allows"] = () => true,
) {
  const zone = makeZone();
  const message: Message = {
    header: { id: 1, flags: 5 << 11, counts: [1, 0, 0, 0] },
    questions: [{ name: apex, type: recordTypes.SOA, class: classes.IN }],
    answer: prerequisites.map(entry),
    authority: updates.map(entry),
    additional: [],
    edns: undefined,
    tsigAt: undefined,
  };
  const outcome = updateZone(zone, message, { allows, nowMs });
  if (outcome.kind === "refused") return outcome.rcode;
  if (outcome.change !== undefined) zone.change(outcome.change);
  return zone;
}

/** What a name has after an update, without what it should not touch. */
function after(updates: string[], name: string): string[] {
  const zone = run([], updates);
  assert.ok(zone instanceof Zone);
  const node = zone.find(lowerName(name === "@" ? apex : parseName(name, apex)));
  return (node?.rrsets ?? [])
    .flatMap(({ type, ttl, rdatas }) =>
      rdatas.map((rdata) => `${ttl} ${formatRecordType(type)} ${formatRecordData(type, rdata)}`),
    )
    .toSorted();
}

describe("prerequisites", () => {
  const { NOERROR, FORMERR, NXDOMAIN, YXDOMAIN, NXRRSET, YXRRSET, NOTZONE } = resultCodes;
  const cases: [prerequisite: string[], rcode: number][] = [
    [["a 0 ANY ANY"], NOERROR],
    [["b 0 ANY ANY"], NXDOMAIN],
    [["b 0 NONE ANY"], NOERROR],
    [["a 0 NONE ANY"], YXDOMAIN],
    [["a 0 ANY A"], NOERROR],
    [["a 0 ANY MX"], NXRRSET],
    [["a 0 NONE MX"], NOERROR],
    [["a 0 NONE A"], YXRRSET],
    [["a 0 IN A 192.0.2.3", "A 0 IN A 192.0.2.2"], NOERROR],
    [["a 0 IN A 192.0.2.2"], NXRRSET],
    [["a 0 IN A 192.0.2.2", "a 0 IN A 192.0.2.3", "a 0 IN A 192.0.2.4"], NXRRSET],
    [["b 0 IN A 192.0.2.2"], NXRRSET],
    [["a 60 ANY A"], FORMERR],
    [["a 0 ANY A 192.0.2.2"], FORMERR],
    [["a 0 CH A 192.0.2.2"], FORMERR],
    [["a.example.net. 0 ANY ANY"], NOTZONE],
  ];
  for (const [prerequisites, rcode] of cases) {
    it(`${prerequisites.join(", ")} is ${rcode}`, () => {
      const result = run(prerequisites, []);
      assert.equal(result instanceof Zone ? NOERROR : result, rcode);
    });
  }
});

describe("updates", () => {
  it("that change nothing leave the serial as it is", () => {
    const same = run([], ["a 60 IN A 192.0.2.2", "b 0 ANY ANY", "a 0 NONE MX 1 mail"]);
    assert.ok(same instanceof Zone);
    assert.equal(same.soa.serial, 2024010101);
    const changed = run([], ["b 60 IN A 192.0.2.2"]);
    assert.ok(changed instanceof Zone);
    assert.equal(changed.soa.serial, 2024050600);
  });

  const cases: [updates: string[], name: string, records: string[]][] = [
    [["a 5 IN A 192.0.2.4"], "a", ["5 A 192.0.2.2", "5 A 192.0.2.3", "5 A 192.0.2.4", '60 TXT "t"']],
    [["a 0 ANY A"], "a", ['60 TXT "t"']],
    [["a 0 ANY ANY"], "a", []],
    [["a 0 NONE A 192.0.2.2"], "a", ["60 A 192.0.2.3", '60 TXT "t"']],
    [["a 0 ANY A", "a 9 IN A 192.0.2.9"], "a", ["9 A 192.0.2.9", '60 TXT "t"'].toSorted()],
    [["alias 60 IN A 192.0.2.9"], "alias", ["60 CNAME a.example.org."]],
    [["a 60 IN CNAME ns1"], "a", ["60 A 192.0.2.2", "60 A 192.0.2.3", '60 TXT "t"']],
    [["alias 30 IN CNAME ns1"], "alias", ["30 CNAME ns1.example.org."]],
    [
      ["@ 0 ANY ANY"],
      "@",
      [
        "60 NS ns1.example.org.",
        "60 NS ns2.example.org.",
        "60 SOA ns1.example.org. host.example.org. 2024050600 1 2 3 4",
      ],
    ],
    [
      ["@ 0 ANY NS"],
      "@",
      [
        "60 MX 10 mail.example.org.",
        "60 NS ns1.example.org.",
        "60 NS ns2.example.org.",
        "60 SOA ns1.example.org. host.example.org. 2024010101 1 2 3 4",
      ],
    ],
    [
      ["@ 0 NONE NS ns1", "@ 0 NONE NS ns2"],
      "@",
      [
        "60 MX 10 mail.example.org.",
        "60 NS ns2.example.org.",
        "60 SOA ns1.example.org. host.example.org. 2024050600 1 2 3 4",
      ],
    ],
    [
      ["@ 60 IN SOA ns1 host 2030010101 1 2 3 4"],
      "@",
      [
        "60 MX 10 mail.example.org.",
        "60 NS ns1.example.org.",
        "60 NS ns2.example.org.",
        "60 SOA ns1.example.org. host.example.org. 2030010101 1 2 3 4",
      ],
    ],
    [
      ["@ 60 IN SOA ns1 host 7 1 2 3 4"],
      "@",
      [
        "60 MX 10 mail.example.org.",
        "60 NS ns1.example.org.",
        "60 NS ns2.example.org.",
        "60 SOA ns1.example.org. host.example.org. 2024010101 1 2 3 4",
      ],
    ],
  ];
  for (const [updates, name, records] of cases) {
    it(`${updates.join(", ")}: ${name} has ${records.length}`, () => assert.deepEqual(after(updates, name), records));
  }

  const refused: [update: string, rcode: number][] = [
    ["a 60 IN ANY", resultCodes.FORMERR],
    ["a 60 ANY A", resultCodes.FORMERR],
    ["a 0 ANY A 192.0.2.2", resultCodes.FORMERR],
    ["a 0 ANY AXFR", resultCodes.FORMERR],
    ["a 60 NONE A 192.0.2.2", resultCodes.FORMERR],
    ["a 0 NONE ANY", resultCodes.FORMERR],
    ["a 60 CH A 192.0.2.2", resultCodes.FORMERR],
    ["a.test. 60 IN A 192.0.2.2", resultCodes.NOTZONE],
  ];
  for (const [update, rcode] of refused) {
    it(`${update} is refused, and with it all others of the message`, () =>
      assert.equal(run([], ["b 60 IN A 192.0.2.1", update]), rcode));
  }

  it("are held against the policy by name and type", () => {
    const allows: Parameters<typeof updateZone>[2]["allows"] = (name, type) =>
      formatName(lowerName(name)).startsWith("_acme-challenge.") && type === recordTypes.TXT;
    assert.ok(run([], ["_acme-challenge.a 60 IN TXT x"], allows) instanceof Zone);
    assert.equal(run([], ["_acme-challenge.a 60 IN TXT x", "a 60 IN TXT x"], allows), resultCodes.REFUSED);
  });
});
