// Whoever compiles this file alone finds its types, too.
/// <reference path="./net-snmp.d.ts" />
import type { ErrorStatus, Session, Varbind } from "net-snmp";
import { StoppedWaiting } from "../plugin/stopped-waiting.ts";
import { explainFailure } from "./explain-failure.ts";
import { openSocketSession } from "./open-socket-session.ts";
import type { RequestGate } from "./request-gate.ts";
import { describeOid, SnmpError } from "./snmp-error.ts";
import { placeOf, type SnmpTarget } from "./snmp-target.ts";
import type { SnmpVarbind } from "./snmp-value.ts";
import { toSnmpValue } from "./to-snmp-value.ts";

/** RFC 3416 §3. */
const tooBig = 1 satisfies (typeof ErrorStatus)[string];
const noSuchName = 2 satisfies (typeof ErrorStatus)[string];
/** More do not fit into the messages of many devices. */
const maximumOids = 40;

export interface SessionDependencies {
  /** Passed by every request, the device's own first. */
  readonly gates: readonly RequestGate[];
  /** Something arrived that is no message of SNMP. */
  readonly onGarbage?: (error: unknown) => void;
}

/** One device asked with one credential. Many may ask at once. Rejects with SnmpError, and with StoppedWaiting when the signal fires. */
export class SnmpSession {
  readonly target: SnmpTarget;
  readonly #deps: SessionDependencies;
  #opening: Promise<Session> | undefined;
  /** Resolves when the device's engine is known: the first request of version 3 finds it for all. */
  #discovery: Promise<unknown> | undefined;
  #bulkSize = 60;
  #isClosed = false;

  constructor(target: SnmpTarget, deps: SessionDependencies) {
    this.target = target;
    this.#deps = deps;
  }

  /** How many values an answer to getBulk may hold; it shrinks for devices that cannot send so many. */
  get bulkSize(): number {
    return this.#bulkSize;
  }

  /**
   * The values of objects, in the order asked for; those that the device does not have are `absent`. What does not fit into one message is asked for in
   * several.
   */
  async get(oids: readonly string[], signal: AbortSignal): Promise<SnmpVarbind[]> {
    const answers: SnmpVarbind[] = [];
    for (let at = 0; at < oids.length; at += maximumOids) {
      answers.push(...(await this.#getSome(oids.slice(at, at + maximumOids), signal)));
    }
    return answers;
  }

  /** What comes after each of these OIDs. */
  async getNext(oids: readonly string[], signal: AbortSignal): Promise<SnmpVarbind[]> {
    if (oids.length === 0) return [];
    try {
      const varbinds = await this.#ask<readonly Varbind[]>(oids[0], signal, (session, done) =>
        session.getNext(oids, done),
      );
      return this.#readAll(varbinds, oids);
    } catch (error) {
      const smaller = statusOf(error);
      // Version 1 says this for the whole request when one OID is the last that the device has.
      if (smaller === noSuchName && oids.length === 1) {
        return [{ oid: oids[0] ?? "", value: { kind: "absent", value: "end of the device's objects" } }];
      }
      const isDivisible = smaller === noSuchName || smaller === tooBig || isShortAnswer(error);
      if (!isDivisible || oids.length === 1) throw error;
      const half = Math.ceil(oids.length / 2);
      return [...(await this.getNext(oids.slice(0, half), signal)), ...(await this.getNext(oids.slice(half), signal))];
    }
  }

  /** For each of these OIDs, up to so many objects after it; fewer where the device's message was full. Version 1 answers one each. */
  async getBulk(oids: readonly string[], repetitions: number, signal: AbortSignal): Promise<SnmpVarbind[][]> {
    if (this.target.security.version === "1") return (await this.getNext(oids, signal)).map((varbind) => [varbind]);
    let wanted = Math.max(1, Math.min(repetitions, Math.floor(this.#bulkSize / oids.length)));
    for (;;) {
      try {
        const count = wanted;
        const columns = await this.#ask<readonly (readonly Varbind[])[]>(oids[0], signal, (session, done) =>
          session.getBulk(oids, 0, count, done),
        );
        return oids.map((_, at) => (columns[at] ?? []).map((varbind) => this.#read(varbind)));
      } catch (error) {
        if (statusOf(error) !== tooBig) throw error;
        if (wanted === 1) return (await this.getNext(oids, signal)).map((varbind) => [varbind]);
        wanted = Math.ceil(wanted / 2);
        this.#bulkSize = Math.max(1, wanted * oids.length);
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  async #getSome(oids: readonly string[], signal: AbortSignal): Promise<SnmpVarbind[]> {
    try {
      const varbinds = await this.#ask<readonly Varbind[]>(oids[0], signal, (session, done) => session.get(oids, done));
      return this.#readAsked(varbinds, oids);
    } catch (error) {
      const status = statusOf(error);
      if (oids.length === 1) {
        if (status !== noSuchName) throw error;
        return [{ oid: oids[0] ?? "", value: { kind: "absent", value: "no such object" } }];
      }
      // Version 1 refuses all for one that is missing; a device may also answer with fewer than were asked for.
      if (status !== tooBig && status !== noSuchName && !isShortAnswer(error)) throw error;
      const half = Math.ceil(oids.length / 2);
      return [
        ...(await this.#getSome(oids.slice(0, half), signal)),
        ...(await this.#getSome(oids.slice(half), signal)),
      ];
    }
  }

  #readAsked(varbinds: readonly Varbind[], oids: readonly string[]): SnmpVarbind[] {
    const answers = this.#readAll(varbinds, oids);
    const wrong = answers.findIndex(({ oid }, at) => oid !== oids[at]);
    if (wrong === -1) return answers;
    const came = describeOid(answers[wrong]?.oid ?? "");
    throw new SnmpError("bad-answer", placeOf(this.target), oids[wrong], `it answered ${came} instead`);
  }

  #readAll(varbinds: readonly Varbind[], oids: readonly string[]): SnmpVarbind[] {
    if (varbinds.length === oids.length) return varbinds.map((varbind) => this.#read(varbind));
    throw new ShortAnswer(placeOf(this.target), oids[0], `it answered ${varbinds.length} of ${oids.length} objects`);
  }

  #read({ oid, type, value }: Varbind): SnmpVarbind {
    const read = toSnmpValue(type, value);
    if (read !== null) return { oid, value: read };
    throw new SnmpError(
      "bad-answer",
      placeOf(this.target),
      oid,
      `its value is of a kind that SNMP does not have (${type})`,
    );
  }

  async #ask<Answer>(
    oid: string | undefined,
    signal: AbortSignal,
    send: (session: Session, done: (error: Error | null, answer?: Answer) => void) => void,
  ): Promise<Answer> {
    try {
      return await this.#throughGates(signal, async () => {
        try {
          return await this.#askOnce(signal, send);
        } catch (error) {
          // A device that was replaced or began anew has another engine: it is looked for once more.
          if (this.target.security.version !== "3" || explainFailure(error, this.target, oid).failure !== "engine")
            throw error;
          this.#drop();
          return await this.#askOnce(signal, send);
        }
      });
    } catch (error) {
      if (signal.aborted) throw new StoppedWaiting(`an answer of ${placeOf(this.target)}`);
      throw explainFailure(error, this.target, oid);
    }
  }

  async #throughGates<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    let run = work;
    for (const gate of this.#deps.gates.toReversed()) {
      const inner = run;
      run = () => gate.run(signal, inner);
    }
    return await run();
  }

  async #askOnce<Answer>(
    signal: AbortSignal,
    send: (session: Session, done: (error: Error | null, answer?: Answer) => void) => void,
  ): Promise<Answer> {
    if (this.#isClosed) throw new Error("the session is closed");
    const session = await this.#open();
    const { timeoutMs, retries } = this.target;
    // Version 3 may take up to three messages one after the other: discovery, a clock that differs, the request.
    const patienceMs = timeoutMs * ((retries + 1) * 3 + 1);
    const known = this.#discovery;
    if (this.target.security.version === "3" && known === undefined) {
      const first = exchange(session, patienceMs, signal, send);
      this.#discovery = first.catch(() => {
        this.#discovery = undefined;
      });
      return await first;
    }
    await known;
    return await exchange(session, patienceMs, signal, send);
  }

  #open(): Promise<Session> {
    if (this.#opening !== undefined) return this.#opening;
    const opening = openSocketSession(this.target, this.#deps.onGarbage ?? (() => undefined));
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  #drop(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#discovery = undefined;
    opening?.then(
      (session) => session.close(),
      () => undefined,
    );
  }
}

/** An answer with fewer objects than were asked for: less is asked for then. */
class ShortAnswer extends SnmpError {
  constructor(place: string, oid: string | undefined, reason: string) {
    super("bad-answer", place, oid, reason);
  }
}

/** Something came that could not be read as an answer, and nothing that could. */
class UnreadableAnswer extends Error {
  override readonly name = "RequestTimedOutError";
}

function exchange<Answer>(
  session: Session,
  patienceMs: number,
  signal: AbortSignal,
  send: (session: Session, done: (error: Error | null, answer?: Answer) => void) => void,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onAbort = (): void => reject(signal.reason);
  // net-snmp forgets a request whose answer it stumbles over: the answer is as good as none.
  const timer = setTimeout(() => reject(new UnreadableAnswer()), patienceMs);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  else {
    send(session, (error, answer) => {
      if (error !== null) reject(error);
      else if (answer === undefined) reject(new Error("it answered nothing"));
      else resolve(answer);
    });
  }
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  });
}

function statusOf(error: unknown): number | undefined {
  const cause = error instanceof SnmpError ? error.cause : error;
  return cause instanceof Error && "status" in cause && typeof cause.status === "number" ? cause.status : undefined;
}

/** net-snmp itself refuses answers with fewer objects, in words only. */
function isShortAnswer(error: unknown): boolean {
  return (
    error instanceof ShortAnswer || (error instanceof SnmpError && /do not match response OIDs/.test(error.message))
  );
}
