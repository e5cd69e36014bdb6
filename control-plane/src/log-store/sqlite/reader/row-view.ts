import type { MatchableLogRecord } from "@mycloud/protocol/log-query";
import {
  type LogFacility,
  type LogFields,
  type LogSeverity,
  logFacilities,
  logSeverities,
} from "@mycloud/protocol/log-record";
import type { LogStream } from "../batch-codec.ts";
import type { DayReader, Row } from "./day-reader.ts";

/** A row of `recordColumns` as conditions look at it: only what they ask for is read. */
export class RowView implements MatchableLogRecord {
  readonly #reader: DayReader;
  readonly #row: Row;

  constructor(reader: DayReader, row: Row) {
    this.#reader = reader;
    this.#row = row;
  }

  get host(): string {
    return this.#stream?.host ?? "";
  }

  get hostId(): number | null {
    return this.#stream?.hostId ?? null;
  }

  get service(): string {
    return this.#stream?.service ?? "";
  }

  get source(): string {
    return this.#stream?.source ?? "";
  }

  get customer(): string | null {
    return this.#stream?.customer ?? null;
  }

  get severity(): LogSeverity | null {
    const number = this.#row[2];
    return typeof number === "number" ? (logSeverities[number] ?? null) : null;
  }

  get facility(): LogFacility | null {
    const number = this.#row[3];
    return typeof number === "number" ? (logFacilities[number] ?? null) : null;
  }

  get message(): string {
    return String(this.#row[6]);
  }

  get fields(): LogFields {
    return fieldsOf(this.#row[7]);
  }

  get #stream(): LogStream | undefined {
    return this.#reader.stream(Number(this.#row[1]));
  }
}

/** Pure. */
export function fieldsOf(json: Row[number] | undefined): LogFields {
  return typeof json === "string" ? JSON.parse(json) : {};
}
