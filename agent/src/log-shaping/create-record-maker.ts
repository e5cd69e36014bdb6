import { performance } from "node:perf_hooks";
import type { LogJob } from "@mycloud/protocol/log-source";
import { createLineParser } from "../log-parser/create-line-parser.ts";
import { fitLimits } from "../log-parser/fit-limits.ts";
import type { OutgoingRecord } from "../log-parser/outgoing-record.ts";
import type { ParsedLine } from "../log-parser/parsed-line.ts";
import { createPatternGuard, createTimeLimit } from "../log-pattern/index.ts";
import type { LineBatch, SourceEntry } from "../log-source/line-batch.ts";
import { createRedaction } from "./create-redaction.ts";
import { createSieve } from "./create-sieve.ts";
import type { RecordCounters, RecordMaker } from "./record-maker.ts";

export interface RecordMakerEnvironment {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** An IANA name. */
  readonly timeZone: string;
}

/** This host's own clocks and zone. */
const ownEnvironment: RecordMakerEnvironment = {
  nowMs: Date.now,
  monotonicMs: () => performance.now(),
  // Asking Intl would load its data: 8 MB.
  timeZone: Temporal.Now.timeZoneId(),
};

/** Makes the maker of a job's records. Throws PatternError or RangeError where the job has a pattern, a time format or a zone that cannot be used. */
export function createRecordMaker(
  job: LogJob,
  hostName: string,
  environment: RecordMakerEnvironment = ownEnvironment,
): RecordMaker {
  const parse = createLineParser(job, hostName, environment.timeZone);
  const redact = createRedaction(job.redaction);
  const sieve = createSieve(job.sieve);
  const ownFields = Object.entries(job.fields);
  const defaultService = job.service ?? (job.input.type === "agent" ? "mycloud-agent" : job.name);
  const isOfManyFiles =
    job.input.type === "file" && (job.input.paths.length > 1 || /[*?[{]/.test(job.input.paths[0] ?? ""));
  const counters: { -readonly [Name in keyof RecordCounters]: number } = {
    parseFailures: 0,
    filtered: 0,
    sampledOut: 0,
    suppressed: 0,
    redacted: 0,
    patternTimeouts: 0,
  };

  /** The same one again and again. */
  let lastPath = { path: "", redacted: "" };
  function redactedPath(path: string): string {
    if (lastPath.path !== path) {
      const record = { timeUs: 0, service: "", severity: null, facility: null, message: path, fields: {} };
      redact(record, null);
      lastPath = { path, redacted: record.message };
    }
    return lastPath.redacted;
  }

  function makeOne(line: string | SourceEntry, batch: LineBatch, nowMs: number): OutgoingRecord | null {
    const text = typeof line === "string" ? line : line.message;
    if (!sieve.keepsLine(text)) {
      counters.filtered++;
      return null;
    }
    const parsed = parse(text, batch.readAtUs);
    const entry = typeof line === "string" ? null : line;
    const severity = parsed.severity ?? entry?.severity ?? null;
    if (!sieve.keepsSample(severity)) {
      counters.sampledOut++;
      return null;
    }
    if (!sieve.keepsRate(nowMs)) {
      counters.suppressed++;
      return null;
    }
    const record = recordOf(parsed, entry, text, batch.readAtUs, defaultService);
    if (parsed.error !== null) {
      counters.parseFailures++;
      record.fields.parse_error = parsed.error;
    }
    let isRedacted = redact(record, parsed.arePieces && entry === null ? text : null);
    if (isOfManyFiles && batch.path !== null) {
      const file = redactedPath(batch.path);
      record.fields.file = file;
      isRedacted ||= file !== batch.path;
    }
    if (isRedacted) counters.redacted++;
    for (const [name, value] of ownFields) record.fields[name] = value;
    fitLimits(record);
    return record;
  }

  /** What a pattern could not be brought to an end on is withheld: it may be what a redaction was meant for. */
  function withheld(batch: LineBatch): OutgoingRecord {
    return {
      timeUs: batch.readAtUs,
      service: defaultService,
      severity: "warning",
      facility: null,
      message: "a line is withheld, since a pattern of the configuration took too long on it",
      fields: { parse_error: "a pattern took too long" },
    };
  }

  const hasPatterns =
    job.parser.type === "regex" ||
    job.redaction.custom.length > 0 ||
    job.sieve.include.length > 0 ||
    job.sieve.exclude.length > 0;
  const guard = hasPatterns ? createPatternGuard(createTimeLimit()) : null;

  function suppressed(nowMs: number): OutgoingRecord[] {
    const count = sieve.takeSuppressed(nowMs);
    if (count === 0) return [];
    return [
      {
        timeUs: environment.nowMs() * 1000,
        service: defaultService,
        severity: "notice",
        facility: null,
        message: `${count} suppressed`,
        fields: { ...job.fields, suppressed: count },
      },
    ];
  }

  return {
    make(batch, use) {
      const nowMs = environment.monotonicMs();
      for (const record of suppressed(nowMs)) use(record);
      const cut = new Set(batch.cut);
      const finish = (record: OutgoingRecord | null, index: number) => {
        if (record === null) return;
        if (cut.has(index)) record.fields.truncated = true;
        use(record);
      };
      if (guard === null) {
        for (const [index, line] of batch.lines.entries()) finish(makeOne(line, batch, nowMs), index);
        return;
      }
      const makeAt = (index: number) => makeOne(batch.lines[index] ?? "", batch, nowMs);
      const giveUp = () => {
        counters.patternTimeouts++;
        return withheld(batch);
      };
      guard.forEach<OutgoingRecord | null>(batch.lines.length, makeAt, giveUp, finish);
    },
    flush: () => suppressed(environment.monotonicMs()),
    counters: () => ({ ...counters }),
  };
}

/** What a line says itself goes before what its source said of it. */
function recordOf(
  parsed: ParsedLine,
  entry: SourceEntry | null,
  text: string,
  readAtUs: number,
  defaultService: string,
): OutgoingRecord {
  return {
    timeUs: parsed.timeUs ?? entry?.timeUs ?? readAtUs,
    service: parsed.service ?? entry?.service ?? defaultService,
    severity: parsed.severity ?? entry?.severity ?? null,
    facility: parsed.facility ?? entry?.facility ?? null,
    message: parsed.message ?? text,
    fields: entry === null ? parsed.fields : { ...entry.fields, ...parsed.fields },
  };
}
