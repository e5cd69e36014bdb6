import { type LogCondition, logMatcher, parseLogQuery } from "@mycloud/protocol/log-query";
import { claimedByField, type LogRecord, type LogSeverity } from "@mycloud/protocol/log-record";
import type { LogPattern, SavedLogSearch } from "@mycloud/protocol/log-search";
import { HttpError } from "react-admin";
import type { LogRangeQuestion, LogsProvider } from "../logs-provider.ts";
import type { Scenario } from "./fake-providers.ts";
import { hostileText } from "./hostile-text.ts";
import { createRandom, pick, type Random } from "./random.ts";

/** One every four seconds; or as many as asked for, all within the last hour. */
const usualCount = 4_000;
const pageSize = 500;

interface Kind {
  readonly service: string;
  readonly source: string;
  readonly severity: LogSeverity;
  readonly template: string;
  readonly make: (random: Random) => { readonly message: string; readonly fields: LogRecord["fields"] };
}

const paths = ["/", "/login", "/api/v1/orders", "/static/app.js", "/cart"] as const;
const whole = (random: Random, below: number) => Math.floor(random() * below);
const address = (random: Random) => `10.${whole(random, 9)}.${whole(random, 250)}.${whole(random, 250)}`;

const kinds: readonly [Kind, ...Kind[]] = [
  {
    service: "nginx",
    source: "access",
    severity: "info",
    template: "<ip> - - GET <path> <num> <num>",
    make: (random) => {
      const [path, status, client] = [pick(random, paths), random() < 0.03 ? 502 : 200, address(random)];
      const bytes = whole(random, 40_000);
      return {
        message: `${client} - - GET ${path} ${status} ${bytes}`,
        fields: { method: "GET", path, status, bytes, client },
      };
    },
  },
  {
    service: "sshd",
    source: "auth",
    severity: "warning",
    template: "Failed password for root from <ip> port <num> ssh2",
    make: (random) => {
      const client = address(random);
      return {
        message: `Failed password for root from ${client} port ${whole(random, 60_000)} ssh2`,
        fields: { client },
      };
    },
  },
  {
    service: "cron",
    source: "syslog",
    severity: "info",
    template: "(root) CMD (<path>)",
    make: () => ({ message: "(root) CMD (/usr/local/bin/rotate)", fields: { pid: 812 } }),
  },
  {
    service: "mariadb",
    source: "journal",
    severity: "err",
    template: "Aborted connection <num> to db: 'shop' user: 'web' (Got timeout reading communication packets)",
    make: (random) => ({
      message: `Aborted connection ${whole(random, 99_999)} to db: 'shop' user: 'web' (Got timeout reading communication packets)`,
      fields: { unit: "mariadb.service", "db.name": "shop" },
    }),
  },
  {
    service: "kernel",
    source: "journal",
    severity: "crit",
    template:
      "EXT4-fs error (device <*>): ext4_find_entry:<num>: inode #<num>: comm nginx: reading directory lblock <num>",
    make: () => ({
      message:
        "EXT4-fs error (device sdb1): ext4_find_entry:1455: inode #2: comm nginx: reading directory lblock 0\n    call trace:\n    ext4_lookup+0x51/0x190",
      fields: { transport: "kernel" },
    }),
  },
];

/** How often each kind comes, of a hundred. */
const shares = [62, 14, 18, 5, 1] as const;
/** The first of the made-up fleet, in its order. */
const hosts = ["web01.ams.example.org", "db01.fra.example.org", "mail01.fra.example.org"] as const;

/** Made-up logs: the same for the same scenario, newest at the scenario's now. */
export function createFakeLogs(scenario: Scenario): LogsProvider {
  const { nowMs } = scenario;
  const all = scenario.hostCount === 0 ? [] : makeRecords(nowMs, scenario.logCount);
  let searches = scenario.hostCount === 0 ? [] : savedSearches(nowMs);

  async function answer<Answer>(make: () => Answer): Promise<Answer> {
    if (scenario.answers === "loading") return await new Promise(() => undefined);
    if (scenario.answers === "error") throw new HttpError("The database does not answer (SQLITE_BUSY).", 503);
    return make();
  }

  // The pages of one search come one after another: each would look at all records again.
  let last: { readonly asked: string; readonly found: LogRecord[] } = { asked: "", found: [] };
  function matching({ query, fromMs, untilMs }: LogRangeQuestion): LogRecord[] {
    const asked = JSON.stringify([query, fromMs, untilMs]);
    if (last.asked === asked) return last.found;
    const matches = logMatcher(conditionOf(query));
    const found = all.filter(({ timeUs }) => timeUs >= fromMs * 1000 && timeUs < untilMs * 1000).filter(matches);
    last = { asked, found };
    return found;
  }

  return {
    search: ({ cursor, ...question }) =>
      answer(() => {
        const found = matching(question);
        const from = Number(cursor ?? 0);
        const records = found.slice(from, from + pageSize);
        const next = from + pageSize < found.length ? String(from + pageSize) : null;
        return { records, cursor: next, isComplete: true, searchedToUs: null };
      }),
    histogram: ({ bins, ...question }) =>
      answer(() => {
        const { fromMs, untilMs } = question;
        const binUs = Math.max(1, Math.ceil(((untilMs - fromMs) * 1000) / bins));
        const made = Array.from({ length: bins }, () => ({
          count: 0,
          severities: {} as Partial<Record<LogSeverity | "none", number>>,
        }));
        for (const { timeUs, severity } of matching(question)) {
          const bin = made[Math.floor((timeUs - fromMs * 1000) / binUs)];
          if (bin === undefined) continue;
          const word = severity ?? "none";
          bin.count++;
          bin.severities[word] = (bin.severities[word] ?? 0) + 1;
        }
        return { fromUs: fromMs * 1000, binUs, bins: made, isComplete: true };
      }),
    top: ({ field, limit, ...question }) =>
      answer(() => {
        const found = matching(question);
        const counts = new Map<string | number | boolean, number>();
        for (const record of found) {
          const value = valueOfField(record, field);
          if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        const values = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
        const having = values.reduce((sum, { count }) => sum + count, 0);
        return { field, values: values.slice(0, limit), having, matched: found.length, isComplete: true };
      }),
    fieldNames: (question) =>
      answer(() => [...new Set(matching(question).flatMap(({ fields }) => Object.keys(fields)))].sort()),
    patterns: ({ order, ...question }) =>
      answer(() => {
        const found = matching(question);
        const patterns = kinds.flatMap((kind, at): LogPattern[] => {
          const own = found.filter(({ service }) => service === kind.service);
          const [newest] = own;
          const oldest = own.at(-1);
          if (newest === undefined || oldest === undefined) return [];
          return [
            {
              id: `p${at}`,
              template: kind.template,
              count: own.length,
              countBefore: kind.severity === "crit" ? 0 : Math.round(own.length * 0.8),
              firstSeenUs: oldest.timeUs,
              lastSeenUs: newest.timeUs,
              severity: kind.severity,
              hosts: new Set(own.map(({ host }) => host)).size,
              example: newest,
            },
          ];
        });
        const wanted = order === "new" ? patterns.filter(({ countBefore }) => countBefore === 0) : patterns;
        return { patterns: wanted.toSorted((a, b) => b.count - a.count), others: 0, isComplete: true };
      }),
    context: (id, around) =>
      answer(() => {
        const record = all.find((each) => each.id === id);
        if (record === undefined) return [];
        const same = all.filter(({ host, source }) => host === record.host && source === record.source);
        const at = same.indexOf(record);
        return same.slice(Math.max(0, at - around), at + around + 1).toReversed();
      }),
    tail(query, { onRecords, onState }) {
      onState("live");
      const matches = logMatcher(conditionOf(query));
      const records = all.filter(matches).slice(0, 5).toReversed();
      const fresh = records.map((record) => ({ ...record, id: `tail-${record.id}`, timeUs: nowMs * 1000 }));
      const timer = setTimeout(() => onRecords({ records: fresh, skipped: 3 }), 50);
      return () => clearTimeout(timer);
    },
    exportUrl: (_, format) => `/no-such-export.${format}`,
    savedSearches: () => answer(() => searches),
    saveSearch: (search) =>
      answer(() => {
        const saved: SavedLogSearch = {
          ...search,
          id: Math.max(0, ...searches.map(({ id }) => id)) + 1,
          isOwn: true,
          author: "Dana Ruiz",
          createdAtMs: nowMs,
        };
        const others = searches.filter(({ isOwn, name }) => !(isOwn && name === search.name));
        searches = [...others, saved].sort((a, b) => a.name.localeCompare(b.name));
        return saved;
      }),
    removeSearch: (id) =>
      answer(() => {
        searches = searches.filter((search) => search.id !== id);
      }),
    problemLogs: () =>
      answer(() => ({
        startedAtMs: nowMs - 600_000,
        keptAtMs: nowMs - 400_000,
        records: all
          .slice(100, 112)
          .toReversed()
          .map((record, at) => ({
            ...record,
            ...(at === 11
              ? { alikeCount: 341, alikeSinceUs: record.timeUs - 60_000_000 }
              : { alikeCount: 1, alikeSinceUs: null }),
          })),
        patterns: [],
        message: null,
      })),
  };
}

function conditionOf(query: string): LogCondition {
  try {
    return parseLogQuery(query);
  } catch (error) {
    throw new HttpError(`query: ${error instanceof Error ? error.message : String(error)}`, 400);
  }
}

function valueOfField(record: LogRecord, field: string): string | number | boolean | undefined {
  if (field === "host" || field === "service" || field === "source") return record[field];
  if (field === "severity" || field === "facility") return record[field] ?? undefined;
  return record.fields[field];
}

function savedSearches(nowMs: number): SavedLogSearch[] {
  const createdAtMs = nowMs - 86_400_000;
  const failed = { id: 1, name: "failed sign-ins", query: 'service:sshd "Failed password"', isShared: true };
  const slow = { id: 2, name: "shop's database", query: "service:mariadb timeout", isShared: false };
  return [
    { ...failed, isOwn: false, author: "Sam Okafor", createdAtMs },
    { ...slow, isOwn: true, author: "Dana Ruiz", createdAtMs },
  ];
}

function makeRecords(nowMs: number, wanted: number | undefined): LogRecord[] {
  const random = createRandom(7);
  const secondsBetween = wanted === undefined ? 4 : 3_500 / wanted;
  return Array.from({ length: wanted ?? usualCount }, (_, at): LogRecord => {
    const kind = kindOf(random() * 100);
    const { message, fields } = kind.make(random);
    const isHostile = at === 3;
    const hostId = 1 + whole(random, hosts.length);
    return {
      id: `r${at}`,
      timeUs: Math.floor((nowMs - at * secondsBetween * 1000) * 1000) - whole(random, secondsBetween * 200_000),
      receivedAtMs: Math.floor(nowMs - at * secondsBetween * 1000) + 300,
      host: hosts[hostId - 1] ?? hosts[0],
      hostId,
      customer: null,
      source: kind.source,
      service: kind.service,
      severity: isHostile ? null : kind.severity,
      facility: kind.source === "auth" ? "authpriv" : null,
      message: isHostile ? hostileText : message,
      fields: isHostile ? { "<b>": hostileText, [claimedByField]: "relay" } : fields,
    };
  });
}

function kindOf(place: number): Kind {
  let sum = 0;
  for (const [at, share] of shares.entries()) {
    sum += share;
    const kind = kinds[at];
    if (place < sum && kind !== undefined) return kind;
  }
  return kinds[0];
}
