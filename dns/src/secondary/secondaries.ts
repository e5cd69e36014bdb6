import type { NameServerPeer } from "@mycloud/protocol/dns-zone";
import { MessageError } from "../message/index.ts";
import type { NameServerOptions } from "../name-server/index.ts";
import { RecordDataError } from "../record/index.ts";
import { TransferError } from "../transfer/index.ts";
import type { TsigKey } from "../tsig/index.ts";
import type { ServedZone } from "../view/index.ts";
import type { Zone, ZoneStep } from "../zone/index.ts";
import { ZoneError } from "../zone/index.ts";
import { isApplicable } from "./apply-change.ts";
import { PrimaryError } from "./ask-peer.ts";
import { type FetchContext, type Fetched, type FetchLimits, fetchWhole, fetchZone } from "./fetch-zone.ts";
import { expireDelayMs, refreshDelayMs, retryDelayMs } from "./secondary-times.ts";

/** Zones that are fetched at the same time. */
const maximumUnderWay = 10;
/** A flood of NOTIFYs makes us ask a primary no more often than this. */
const betweenNotifiesMs = 1_000;

/** How a secondary zone stands. */
export interface SecondaryState {
  readonly refreshAtMs: number | null;
  readonly expiresAtMs: number | null;
  /** Why it could not be fetched last time. */
  readonly error: string | null;
}

interface Followed {
  readonly served: ServedZone;
  refreshAtMs: number | null;
  expiresAtMs: number | null;
  askedAtMs: number;
  error: string | null;
  failures: number;
  isBusy: boolean;
  /** Something may be newer than what is being fetched: ask again, this primary first. */
  again: string | undefined;
  first: string | undefined;
  readonly abort: AbortController;
  cancelRefresh: () => void;
  cancelExpiry: () => void;
}

export interface SecondariesOptions {
  readonly options: Pick<NameServerOptions, "clock" | "exchange" | "random" | "onEvent" | "isLeader">;
  readonly limits: FetchLimits;
  /** Throws where the configuration has no such key. */
  readonly keyOf: (peer: NameServerPeer) => TsigKey | undefined;
  /** The whole zone is another. */
  readonly onWhole: (served: ServedZone, zone: Zone) => void;
  /** The zone went on by steps, which were made in it. */
  readonly onSteps: (served: ServedZone, zone: Zone, steps: readonly ZoneStep[]) => void;
  /** It may be answered, or may not any more. */
  readonly onExpiry: (served: ServedZone, isExpired: boolean) => void;
  readonly onRefreshed: (served: ServedZone, expiresAtMs: number) => void;
}

/** Keeps secondary zones as their primaries have them (RFC 1034 §4.3.5, RFC 1996). Only a leader asks primaries; everybody lets zones expire. */
export class Secondaries {
  readonly #needs: SecondariesOptions;
  readonly #followed = new Map<ServedZone, Followed>();
  readonly #waiting: Followed[] = [];
  #underWay = 0;

  constructor(needs: SecondariesOptions) {
    this.#needs = needs;
  }

  /** The secondary zones that there are from now. Those that are new are asked for at once. */
  configure(zones: Iterable<ServedZone>): void {
    const wanted = new Set(zones);
    for (const [served, followed] of this.#followed) if (!wanted.has(served)) this.#leave(served, followed);
    for (const served of wanted) {
      const present = this.#followed.get(served);
      if (present === undefined) this.#follow(served);
      // What could not be fetched may be what was wrong in the configuration.
      else if (present.error !== null) this.#schedule(present, 0);
    }
  }

  /** Records came from disk, or from the leader: they hold until `expiresAtMs`, or as long as they say themselves. */
  hold(served: ServedZone, zone: Zone, expiresAtMs?: number): void {
    const followed = this.#followed.get(served);
    if (followed === undefined) return;
    const { clock } = this.#needs.options;
    const until = expiresAtMs ?? clock.now() + expireDelayMs(zone.soa);
    this.#expireAt(followed, Math.max(until, followed.expiresAtMs ?? 0));
  }

  /** Somebody who may said that there is something newer at `from`. */
  notice(served: ServedZone, from: string): void {
    const followed = this.#followed.get(served);
    if (followed === undefined) return;
    if (followed.isBusy) {
      followed.again = from;
      return;
    }
    followed.first = from;
    const { clock } = this.#needs.options;
    const soonestMs = Math.max(0, followed.askedAtMs + betweenNotifiesMs - clock.now());
    if (followed.refreshAtMs === null || followed.refreshAtMs > clock.now() + soonestMs)
      this.#schedule(followed, soonestMs);
  }

  state(served: ServedZone): SecondaryState {
    const { refreshAtMs = null, expiresAtMs = null, error = null } = this.#followed.get(served) ?? {};
    return { refreshAtMs, expiresAtMs, error };
  }

  close(): void {
    for (const [served, followed] of this.#followed) this.#leave(served, followed);
  }

  #follow(served: ServedZone): void {
    const followed: Followed = {
      served,
      refreshAtMs: null,
      expiresAtMs: null,
      askedAtMs: Number.NEGATIVE_INFINITY,
      error: null,
      failures: 0,
      isBusy: false,
      again: undefined,
      first: undefined,
      abort: new AbortController(),
      cancelRefresh: () => {},
      cancelExpiry: () => {},
    };
    this.#followed.set(served, followed);
    this.#schedule(followed, 0);
  }

  #leave(served: ServedZone, followed: Followed): void {
    followed.cancelRefresh();
    followed.cancelExpiry();
    followed.abort.abort(new Error("the zone is not fetched any more"));
    this.#followed.delete(served);
  }

  #schedule(followed: Followed, delayMs: number): void {
    const { clock, isLeader } = this.#needs.options;
    if (!isLeader || followed.abort.signal.aborted) return;
    followed.cancelRefresh();
    followed.refreshAtMs = clock.now() + delayMs;
    followed.cancelRefresh = clock.after(delayMs, () => this.#enqueue(followed));
  }

  #expireAt(followed: Followed, expiresAtMs: number): void {
    const { clock } = this.#needs.options;
    followed.cancelExpiry();
    followed.expiresAtMs = expiresAtMs;
    followed.served.expiresAtMs = expiresAtMs;
    if (followed.abort.signal.aborted) return;
    const look = () => {
      const leftMs = expiresAtMs - clock.now();
      // A timer knows no more than 24 days.
      if (leftMs > 0) followed.cancelExpiry = clock.after(leftMs, look);
      else this.#expire(followed);
    };
    if (expiresAtMs > clock.now()) this.#needs.onExpiry(followed.served, false);
    look();
  }

  #expire(followed: Followed): void {
    if (followed.served.zone === undefined) return;
    const { name } = followed.served.configuration;
    this.#needs.options.onEvent({ level: "error", message: "a secondary zone has expired", fields: { zone: name } });
    this.#needs.onExpiry(followed.served, true);
  }

  #enqueue(followed: Followed): void {
    if (followed.isBusy || followed.abort.signal.aborted) return;
    followed.isBusy = true;
    this.#waiting.push(followed);
    this.#next();
  }

  #next(): void {
    if (this.#underWay >= maximumUnderWay) return;
    const followed = this.#waiting.shift();
    if (followed === undefined) return;
    this.#underWay += 1;
    void this.#refresh(followed).finally(() => {
      this.#underWay -= 1;
      followed.isBusy = false;
      const { again } = followed;
      followed.again = undefined;
      if (again !== undefined) this.notice(followed.served, again);
      this.#next();
    });
  }

  /** Asks one primary after the other until one answers. Never rejects. */
  async #refresh(followed: Followed): Promise<void> {
    const { served, abort } = followed;
    const { clock, random, onEvent } = this.#needs.options;
    followed.askedAtMs = clock.now();
    let error = "the zone has no primaries";
    for (const primary of primariesOf(followed)) {
      if (abort.signal.aborted) return;
      try {
        const fetched = await this.#fetch(followed, primary);
        if (abort.signal.aborted) return;
        this.#succeed(followed, fetched);
        return;
      } catch (fault) {
        if (!isExpected(fault)) {
          onEvent({
            level: "error",
            message: "a fault while a zone was fetched",
            fields: { zone: served.configuration.name, err: fault },
          });
        }
        error = `${primary.address}: ${fault instanceof Error ? fault.message : String(fault)}`;
      }
    }
    if (abort.signal.aborted) return;
    followed.failures += 1;
    // A loop of failures is told of when the reason changes.
    if (error !== followed.error) {
      onEvent({
        level: "warn",
        message: "a secondary zone could not be fetched",
        fields: { zone: served.configuration.name, error },
      });
    }
    followed.error = error;
    this.#schedule(followed, retryDelayMs(served.zone?.soa, followed.failures, random()));
  }

  #succeed(followed: Followed, fetched: Fetched): void {
    const { clock, random } = this.#needs.options;
    const { served } = followed;
    followed.error = null;
    followed.failures = 0;
    followed.first = undefined;
    if (served.zone === undefined) return;
    const { soa } = served.zone;
    this.#schedule(followed, refreshDelayMs(soa, random()));
    // A primary that is itself a secondary says what is left there; what was heard from another is not lost by that (RFC 7314 §4).
    const leftMs = (fetched.expireSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    const untilMs = clock.now() + Math.min(expireDelayMs(soa), leftMs);
    const expiresAtMs = fetched.kind === "current" ? Math.max(untilMs, followed.expiresAtMs ?? 0) : untilMs;
    this.#expireAt(followed, expiresAtMs);
    this.#needs.onRefreshed(served, expiresAtMs);
  }

  async #fetch({ served, abort }: Followed, primary: NameServerPeer): Promise<Fetched> {
    const { options, limits, keyOf, onWhole, onSteps } = this.#needs;
    const context: FetchContext = {
      options,
      limits,
      apex: served.apex,
      primary,
      key: keyOf(primary),
      signal: abort.signal,
    };
    let fetched = await fetchZone(context, served.zone);
    if (abort.signal.aborted || fetched.kind === "current") return fetched;
    if (fetched.kind === "steps" && served.zone !== undefined) {
      const made = makeSteps(served.zone, served, fetched.steps);
      if (made.length > 0) onSteps(served, served.zone, made);
      if (made.length === fetched.steps.length) return fetched;
      fetched = await fetchWhole(context, undefined);
      if (abort.signal.aborted) return fetched;
    }
    if (fetched.kind === "whole") onWhole(served, fetched.zone);
    return fetched;
  }
}

/** Makes steps as long as they fit, and remembers them. Those that were made. */
function makeSteps(zone: Zone, { history }: ServedZone, steps: readonly ZoneStep[]): ZoneStep[] {
  const made: ZoneStep[] = [];
  for (const step of steps) {
    if (step.fromSerial !== zone.soa.serial || !isApplicable(zone, step)) break;
    try {
      zone.change(step);
    } catch (error) {
      if (!(error instanceof ZoneError)) throw error;
      break;
    }
    history.add(step);
    made.push(step);
  }
  return made;
}

/** The one that spoke up first, then the others in their order. */
function primariesOf({ served, first }: Followed): NameServerPeer[] {
  const { primaries } = served.configuration;
  const isFirst = ({ address }: NameServerPeer) => address === first;
  return [...primaries.filter(isFirst), ...primaries.filter((primary) => !isFirst(primary))];
}

/** What others do wrong; everything else is a fault of ours. */
function isExpected(error: unknown): boolean {
  const kinds = [PrimaryError, TransferError, ZoneError, MessageError, RecordDataError];
  const isSystem = error instanceof Error && ("code" in error || error.name === "MissingKeyError");
  return isSystem || kinds.some((kind) => error instanceof kind);
}
