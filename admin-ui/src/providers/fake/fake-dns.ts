import type {
  NameServerState,
  QueryExplanation,
  QueryRate,
  Rrset,
  RrsetDraft,
  Zone,
  ZoneChangeAnswer,
  ZoneHistoryEntry,
} from "@mycloud/protocol/dns-zone";
import { ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { ServedZone } from "@mycloud/protocol/name-server";
import { HttpError } from "react-admin";
import type { DnsProvider } from "../dns-provider.ts";
import type { Scenario } from "./fake-providers.ts";
import type { FakeRecord } from "./query.ts";

const hour = 3_600_000;

/** Zones with their RRsets and history, by the lists that have them. */
export function createFakeZones({
  nowMs,
  hostCount,
}: Pick<Scenario, "nowMs" | "hostCount">): Record<string, () => FakeRecord[]> {
  if (hostCount === 0) return { "dns/zones": () => [] };
  const list = zones(nowMs);
  const [sets, changes] = [rrsets(nowMs), history(nowMs)];
  return {
    "dns/zones": () => list,
    ...Object.fromEntries(list.map(({ id }) => [`dns/zones/${id}/rrsets`, () => (id === 1 ? sets : [])])),
    ...Object.fromEntries(list.map(({ id }) => [`dns/zones/${id}/changes`, () => (id === 1 ? changes : [])])),
  };
}

function zones(nowMs: number): Zone[] {
  const common = { view: null, revision: 12, rrsetCount: 6, recordCount: 9, createdAtMs: nowMs - 700 * hour };
  const primary = { ...ZoneSettings.parse({}), ...common, kind: "primary" as const, serial: 2026112304 };
  return [
    { ...primary, id: 1, name: "example.org.", changedAtMs: nowMs - 2 * hour, comment: "the shop" },
    { ...primary, id: 2, name: "example.org.", view: "inside", changedAtMs: nowMs - 90 * hour },
    { ...primary, id: 3, name: "2.0.192.in-addr.arpa.", changedAtMs: nowMs - hour, recordCount: 61 },
    {
      ...{
        ...primary,
        id: 4,
        name: "partner.example.",
        kind: "secondary",
        serial: null,
        changedAtMs: nowMs - 9 * hour,
      },
      primaries: [{ address: "198.51.100.53", port: 53, key: "transfer.example.org" }],
    },
    { ...primary, id: 5, name: "acme.example.", customer: "acme", changedAtMs: nowMs - 30 * hour },
  ];
}

function rrsets(nowMs: number): Rrset[] {
  const common = { ttlSeconds: null, minimumAnswers: 1, answers: null, comment: "", owner: "", published: null };
  const made = { ...common, source: "people" as const, revision: 12, changedAtMs: nowMs - 2 * hour };
  return [
    { ...made, id: 1, name: "@", type: "NS", records: [{ data: "ns1.example.org." }, { data: "ns2.example.org." }] },
    { ...made, id: 2, name: "@", type: "MX", records: [{ data: "10 mail.example.org." }], owner: "mail team" },
    {
      ...{ ...made, id: 3, name: "www", type: "A", ttlSeconds: 30, minimumAnswers: 1 },
      records: [
        { data: "192.0.2.10", service: { host: "web01.ams.example.org", service: "http" } },
        { data: "192.0.2.11", service: { host: "web02.ams.example.org", service: "http" } },
      ],
      published: ["192.0.2.10"],
    },
    { ...made, id: 4, name: "web01", type: "A", records: [{ data: "192.0.2.10" }], source: "registration" },
    { ...made, id: 5, name: "*.apps", type: "CNAME", records: [{ data: "www.example.org." }] },
    { ...made, id: 6, name: "_dmarc", type: "TXT", records: [{ data: '"v=DMARC1; p=reject"' }], source: "import" },
  ];
}

function history(nowMs: number): ZoneHistoryEntry[] {
  const common = { source: "people" as const, undoes: null, isKept: true, settings: null, differenceCount: 1 };
  const side = { ttlSeconds: 30, minimumAnswers: 1, answers: null, comment: "", owner: "" };
  return [
    {
      ...{
        ...common,
        id: 12,
        atMs: nowMs - 2 * hour,
        author: "Dana Ruiz",
        comment: "second web server",
        serial: 2026112304,
      },
      differences: [
        {
          ...{ name: "www", type: "A" },
          before: { ...side, records: [{ data: "192.0.2.10" }] },
          after: { ...side, records: [{ data: "192.0.2.10" }, { data: "192.0.2.11" }] },
        },
      ],
    },
    {
      ...{ ...common, id: 11, atMs: nowMs - 50 * hour, author: "acme.example.org", comment: "", serial: 2026112101 },
      source: "update",
      differences: [
        { name: "_acme-challenge", type: "TXT", before: null, after: { ...side, records: [{ data: '"x9_k2"' }] } },
      ],
    },
  ];
}

/** The name service from memory. */
export function createFakeDns({ nowMs, answers, hostCount }: Scenario): DnsProvider {
  const answer = async <Value>(value: Value): Promise<Value> => {
    if (answers === "loading") return new Promise<Value>(() => undefined);
    if (answers === "error") throw new HttpError("The database does not answer (SQLITE_BUSY).", 503);
    return value;
  };
  const rates = fakeRates(nowMs);
  return {
    change: (_zoneId, { changes, preview }) => {
      const differences = changes.map((wish) =>
        wish.action === "delete"
          ? { name: wish.name, type: wish.type, before: null, after: null }
          : { name: wish.rrset.name, type: wish.rrset.type, before: null, after: completed(wish.rrset) },
      );
      return answer<ZoneChangeAnswer>({
        ...nothing,
        isPreview: preview ?? false,
        differences,
        differenceCount: changes.length,
      });
    },
    undo: (_zoneId, _revision, { preview }) => answer({ ...nothing, isPreview: preview }),
    importFile: (_zoneId, { preview }) =>
      answer({ ...nothing, isPreview: preview, faults: [], recordCount: 0, isNew: false }),
    statistics: () =>
      answer({
        servers:
          hostCount === 0
            ? []
            : [
                { name: "ns1", seenAtMs: nowMs - 4_000, isConnected: true, zone: servedZone(nowMs) },
                {
                  name: "ns2",
                  seenAtMs: nowMs - 2 * hour,
                  isConnected: false,
                  zone: { ...servedZone(nowMs), serial: 2026112303, notified: [] },
                },
              ],
        rates,
      }),
    servers: () => answer(hostCount === 0 ? [] : [nameServer(nowMs, rates)]),
    registrationStatus: () =>
      answer({
        registrations: [{ name: "machines inside", zone: "example.org", hostCount, addressCount: 2 * hostCount }],
        waitingCount: 0,
        problems:
          hostCount === 0
            ? []
            : [
                {
                  registration: "machines inside",
                  host: "web02",
                  message: "web02 A: somebody wrote other records there (people), which stay",
                },
              ],
        problemCount: Math.min(1, hostCount),
      }),
    explain: (question) => answer({ ...explanation(nowMs), ...question }),
    exportUrl: (zoneId) => `/api/v1/dns/zones/${zoneId}/export`,
  };
}

const nothing: ZoneChangeAnswer = {
  ...{
    isPreview: true,
    revision: 13,
    serialBefore: 2026112304,
    serial: 2026112305,
    differences: [],
    differenceCount: 0,
  },
  ...{ settings: null, findings: [] },
};

function completed(rrset: RrsetDraft) {
  const { records, ttlSeconds = null, minimumAnswers = 1, answers = null, comment = "", owner = "" } = rrset;
  return { records, ttlSeconds, minimumAnswers, answers, comment, owner };
}

function fakeRates(nowMs: number): QueryRate[] {
  return Array.from({ length: 240 }, (_, index) => ({
    atMs: nowMs - (240 - index) * 15_000,
    queriesPerSecond: 120 + 40 * Math.sin(index / 18) + (index % 7),
    nameErrorsPerSecond: null,
    rateLimitedPerSecond: null,
  }));
}

function servedZone(nowMs: number): ServedZone {
  return {
    ...{ name: "example.org.", view: null, serial: 2026112304, recordCount: 9, refreshAtMs: null, expiresAtMs: null },
    ...{ error: null, queries: 1_284_113 },
    notified: [
      { address: "198.51.100.7 port 53", serial: 2026112304, isAcknowledged: true, atMs: nowMs - 2 * hour },
      { address: "203.0.113.9 port 53", serial: 2026112304, isAcknowledged: false, atMs: nowMs - 2 * hour },
    ],
  };
}

function nameServer(nowMs: number, rates: QueryRate[]): NameServerState {
  return {
    ...{ id: 1, name: "ns1", seenAtMs: nowMs - 4_000, isConnected: true, rates, version: "0.1.0" },
    ...{
      startedAtMs: nowMs - 90 * hour,
      listeners: ["udp 192.0.2.53:53", "tcp 192.0.2.53:53"],
      zones: [servedZone(nowMs)],
    },
    ...{ queries: 38_114_209, rateLimited: 5_120, queriesByType: { A: 21_000_113, AAAA: 15_220_019, MX: 1_894_077 } },
    answersByCode: { NOERROR: 36_000_201, NXDOMAIN: 2_114_008 },
    topNames: [
      { key: "www.example.org.", count: 12_113 },
      { key: "mail.example.org.", count: 4_020 },
    ],
    topClients: [{ key: "198.51.100.0/24", count: 9_114 }],
  };
}

function explanation(nowMs: number): QueryExplanation {
  const record = { name: "www.example.org.", type: "A", weight: null, tier: null, isHard: true };
  return {
    ...{ name: "www.example.org.", type: "A", from: "127.0.0.1", view: null, zone: "example.org.", serial: 2026112304 },
    ...{ resultCode: "NOERROR", isAuthoritative: true, authority: [], additional: [] },
    answer: ["www.example.org. 30 IN A 192.0.2.10"],
    steps: [
      "127.0.0.1 is in no view: the zones without one answer",
      "example.org. is the nearest zone above www.example.org.",
      "www.example.org. has A records; 1 of 2 is published",
    ],
    health: [
      {
        ...record,
        data: "192.0.2.10",
        service: { host: "web01.ams.example.org", service: "http" },
        state: "OK",
        isPublished: true,
        reason: "its service is OK",
      },
      {
        ...record,
        data: "192.0.2.11",
        service: { host: "web02.ams.example.org", service: "http" },
        state: "CRITICAL",
        isPublished: false,
        reason: "its service is CRITICAL",
      },
    ],
    changes: [
      { atMs: nowMs - hour, text: "192.0.2.11 left www.example.org. A: http on web02.ams.example.org is CRITICAL" },
    ],
  };
}
