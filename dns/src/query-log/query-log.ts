import { type DomainName, formatName } from "../name/index.ts";
import type { AnsweredQuery } from "../name-server/index.ts";
import { formatRecordType } from "../record/index.ts";

const resultNames: readonly string[] = [
  ...["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"],
  ...["YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE"],
];

/** `NXDOMAIN`, or its number where it has no name here. */
export function formatResultCode(rcode: number): string {
  return resultNames[rcode] ?? (rcode === 16 ? "BADVERS" : String(rcode));
}

/** A query as a line of the log. Pure. */
export function formatQuery(query: AnsweredQuery, oneIn: number, nowMs: number): string {
  const line = {
    time: new Date(nowMs).toISOString(),
    client: query.arrival.address.replace(/^::ffff:(?=\d+\.)/, ""),
    transport: query.arrival.transport,
    name: formatName(query.name as DomainName),
    type: formatRecordType(query.type),
    result: formatResultCode(query.rcode),
    zone: query.zone === undefined ? null : formatName(query.zone.apex),
    isSent: query.isSent,
    /** How many queries this one stands for. */
    oneIn,
  };
  return `${JSON.stringify(line)}\n`;
}

/** What waits to be handed on, in lines; more are left out and counted. */
const maximumWaiting = 1_000;

/** Takes one query in so many. Lines are handed on a few at once; nobody waits for them. */
export class QueryLog {
  readonly #now: () => number;
  #oneIn = 0;
  #count = 0;
  #lines: string[] = [];
  /** Lines that were left out because too many came. */
  dropped = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Null: nothing is logged. */
  configure(oneIn: number | null): void {
    this.#oneIn = oneIn ?? 0;
  }

  note(query: AnsweredQuery): void {
    if (this.#oneIn === 0) return;
    this.#count += 1;
    if (this.#count < this.#oneIn) return;
    this.#count = 0;
    if (this.#lines.length >= maximumWaiting) {
      this.dropped += 1;
      return;
    }
    this.#lines.push(formatQuery(query, this.#oneIn, this.#now()));
  }

  take(): string {
    if (this.#lines.length === 0) return "";
    const text = this.#lines.join("");
    this.#lines = [];
    return text;
  }
}
