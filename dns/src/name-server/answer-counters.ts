import { resultCodes } from "../message/index.ts";
import { formatRecordType, recordTypes } from "../record/index.ts";

/** Types that nobody knows are counted together, so that nobody makes us count 65,536 of them. */
const otherTypes = "other";

const codeNames: ReadonlyMap<number, string> = new Map(
  Object.entries(resultCodes).flatMap(([name, code]) => (code < 16 ? [[code, name] as const] : [])),
);

/** How many queries there were, by type, and how they were answered. */
export class AnswerCounters {
  #queries = 0;
  #rateLimited = 0;
  readonly #byType = new Map<number, number>();
  readonly #byCode = new Array<number>(16).fill(0);

  note(type: number, rcode: number, isSent: boolean): void {
    this.#queries += 1;
    if (!isSent) this.#rateLimited += 1;
    const counted = knownTypes.has(type) ? type : 0;
    this.#byType.set(counted, (this.#byType.get(counted) ?? 0) + 1);
    this.#byCode[rcode & 15] = (this.#byCode[rcode & 15] ?? 0) + 1;
  }

  get queries(): number {
    return this.#queries;
  }

  get rateLimited(): number {
    return this.#rateLimited;
  }

  byType(): Record<string, number> {
    const entries = [...this.#byType].map(([type, count]) => [type === 0 ? otherTypes : formatRecordType(type), count]);
    return Object.fromEntries(entries);
  }

  byCode(): Record<string, number> {
    const entries = this.#byCode.map((count, code) => [codeNames.get(code) ?? `RCODE${code}`, count] as const);
    return Object.fromEntries(entries.filter(([, count]) => count > 0));
  }
}

const knownTypes: ReadonlySet<number> = new Set(Object.values(recordTypes));
