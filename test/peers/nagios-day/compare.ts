import type { DayMessage } from "./run-day.ts";

/** The messages of one host or service as both told them, and what else an explanation needs. */
export interface ObjectDay {
  readonly theirs: readonly DayMessage[];
  readonly ours: readonly DayMessage[];
  readonly stepMs: number;
  /** Whether its host was not UP at an instant; false for hosts. */
  isHostDown(atMs: number): boolean;
  /** Instants of its alerts in nagios' log. */
  readonly alertsAt: ReadonlySet<number>;
  /** Instants at which an operator lifted something from it: an acknowledgement, a downtime, notifications being off. */
  readonly liftedAt: ReadonlySet<number>;
  /** Instants at which nagios took the end of a HARD problem for a SOFT one. */
  readonly softRecoveries: readonly number[];
}

/** Where we differ from nagios on purpose; each has its paragraph in docs/design.md. */
export type KnownDifference =
  | "whoever was told is told of the end"
  | "whoever was not told hears of no end and no acknowledgement"
  | "an acknowledgement goes to all who know"
  | "what somebody writes is said at any time, to whom the rule names"
  | "a downtime that is taken back at once is told to nobody"
  | "nobody is told twice what they know"
  | "told as soon as the reason to be quiet is gone"
  | "a service of a dead host does not say that it flaps"
  | "a problem that is over is not counted on";

export interface Comparison {
  readonly same: number;
  readonly known: ReadonlyMap<KnownDifference, number>;
  /** What no known difference explains. */
  readonly unexplained: readonly string[];
}

/** Compares message by message; only numbers of problems are compared, as nagios gives other messages the number of the moment. Pure. */
export function compareDay(day: ObjectDay): Comparison {
  const known = new Map<KnownDifference, number>();
  const unexplained: string[] = [];
  let same = 0;
  /** What each contact was last told by us of the problem that is open. */
  const told = new Map<string, string>();
  let countsOn = false;
  const note = (message: DayMessage, side: string, why: KnownDifference | null) => {
    if (why !== null) known.set(why, (known.get(why) ?? 0) + 1);
    else unexplained.push(`${side} only, ${new Date(message.atMs).toISOString().slice(11, 16)}: ${say(message)}`);
  };
  const instants = [...new Set([...day.theirs, ...day.ours].map(({ atMs }) => atMs))].sort((a, b) => a - b);
  for (const atMs of instants) {
    const theirs = day.theirs.filter((message) => message.atMs === atMs);
    const ours = day.ours.filter((message) => message.atMs === atMs);
    const mine = new Set(ours.map(say));
    const peers = new Set(theirs.map(say));
    for (const message of theirs) {
      if (mine.has(say(message))) same++;
      else
        note(
          message,
          "nagios",
          countsOn ? "a problem that is over is not counted on" : explainTheirs(message, day, told),
        );
    }
    for (const message of ours) {
      if (peers.has(say(message))) continue;
      note(message, "ours", countsOn ? "a problem that is over is not counted on" : explainOurs(message, day, told));
    }
    for (const { type, contact, state } of ours) {
      if (type === "PROBLEM" || type === "FLAPPINGSTOP") told.set(contact, state);
      else if (type === "RECOVERY") told.delete(contact);
    }
    if (theirs.some(({ type }) => type === "RECOVERY")) countsOn = false;
    if (day.softRecoveries.some((at) => at <= atMs && at > atMs - day.stepMs)) countsOn = true;
  }
  return { same, known, unexplained };
}

function explainTheirs(message: DayMessage, day: ObjectDay, told: ReadonlyMap<string, string>): KnownDifference | null {
  const { type, contact, state, atMs } = message;
  const isKnowing = told.has(contact);
  if ((type === "RECOVERY" || type === "ACKNOWLEDGEMENT") && !isKnowing) {
    return "whoever was not told hears of no end and no acknowledgement";
  }
  const isNews = !day.ours.some((one) => one.type === "FLAPPINGSTOP" && one.atMs === atMs && one.contact === contact);
  if (type === "PROBLEM" && (told.get(contact) === state || !isNews)) return "nobody is told twice what they know";
  if (type === "PROBLEM" && isNear(message, day.ours, day.stepMs))
    return "told as soon as the reason to be quiet is gone";
  if (type === "CUSTOM") return "what somebody writes is said at any time, to whom the rule names";
  if (type === "DOWNTIMESTART" || type === "DOWNTIMECANCELLED") {
    const other = type === "DOWNTIMESTART" ? "DOWNTIMECANCELLED" : "DOWNTIMESTART";
    const isBoth = day.theirs.some((one) => one.type === other && one.atMs === atMs && one.contact === contact);
    return isBoth ? "a downtime that is taken back at once is told to nobody" : null;
  }
  if (type.startsWith("FLAPPING")) {
    const start = day.theirs.filter((one) => one.type === "FLAPPINGSTART" && one.atMs <= atMs).at(-1);
    const isOfDeadHost = day.isHostDown(atMs) || (start !== undefined && day.isHostDown(start.atMs));
    return isOfDeadHost ? "a service of a dead host does not say that it flaps" : null;
  }
  return null;
}

function explainOurs(message: DayMessage, day: ObjectDay, told: ReadonlyMap<string, string>): KnownDifference | null {
  const { type, contact, state, atMs } = message;
  if (type === "CUSTOM") return "what somebody writes is said at any time, to whom the rule names";
  if (type === "RECOVERY" && told.has(contact)) return "whoever was told is told of the end";
  if (type === "ACKNOWLEDGEMENT" && told.has(contact)) return "an acknowledgement goes to all who know";
  if (day.liftedAt.has(atMs)) return "told as soon as the reason to be quiet is gone";
  if (type !== "PROBLEM") return null;
  // No result said anything new: what held it back has passed, such as a downtime, or a time period that begins.
  const isHeldBack = !told.has(contact) && !day.alertsAt.has(atMs);
  if (isHeldBack || isNear(message, day.theirs, day.stepMs)) return "told as soon as the reason to be quiet is gone";
  // The repeat of what nagios has told twice meanwhile.
  const isRepeat = told.get(contact) === state && day.theirs.some((one) => isAlike(one, message) && one.atMs < atMs);
  return isRepeat ? "nobody is told twice what they know" : null;
}

function isNear(message: DayMessage, others: readonly DayMessage[], stepMs: number): boolean {
  return others.some((one) => isAlike(one, message) && Math.abs(one.atMs - message.atMs) <= stepMs);
}

function isAlike(one: DayMessage, other: DayMessage): boolean {
  return one.type === other.type && one.contact === other.contact && one.state === other.state;
}

function say({ type, state, contact, number }: DayMessage): string {
  // Whether the minute's result or the downtime's end comes first is by chance.
  if (type.startsWith("DOWNTIME")) return `${type} to ${contact}`;
  return `${type} ${state} to ${contact}${type === "PROBLEM" ? ` #${number}` : ""}`;
}
