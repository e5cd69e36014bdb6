import type { FileStat } from "../../filesystem/index.ts";
import type { Exclusions } from "../backup-options.ts";
import type { Amount, RuleSurvey, SurveyExample } from "./survey.ts";

const mostExamples = 20;

/** What one rule did, while it is counted. */
export class RuleTally implements RuleSurvey {
  readonly option: keyof Exclusions;
  readonly position: number;
  readonly isTakingBack: boolean;
  readonly examples: SurveyExample[] = [];
  files = 0;
  folders = 0;
  others = 0;
  bytes = 0;
  isWhole = true;

  constructor(option: keyof Exclusions, position: number, isTakingBack: boolean) {
    this.option = option;
    this.position = position;
    this.isTakingBack = isTakingBack;
  }

  /** Keeps it when it is among the largest. */
  offer(example: SurveyExample): void {
    const { examples } = this;
    if (examples.length >= mostExamples && example.bytes <= (examples.at(-1)?.bytes ?? 0)) return;
    const at = examples.findIndex(({ bytes }) => bytes < example.bytes);
    examples.splice(at === -1 ? examples.length : at, 0, example);
    if (examples.length > mostExamples) examples.pop();
  }
}

/** Counts one entry, as a backup's summary does. */
export function addEntry(amount: Amount, stat: Pick<FileStat, "type" | "size">): void {
  if (stat.type === "file") {
    amount.files += 1;
    amount.bytes += stat.size;
  } else if (stat.type === "dir") amount.folders += 1;
  else amount.others += 1;
}

/** A tally for each rule, in the order in which a walk asks them. */
export class RuleTallies {
  readonly all: readonly RuleTally[];
  readonly #byRule = new Map<string, RuleTally>();

  constructor(exclude: Exclusions) {
    const lists = ["patterns", "caseInsensitivePatterns", "ifPresent"] as const;
    const tallies = lists.flatMap((option) =>
      (exclude[option] ?? []).map(
        (text, position) => new RuleTally(option, position, option !== "ifPresent" && text.startsWith("!")),
      ),
    );
    if (exclude.caches === true) tallies.push(new RuleTally("caches", 0, false));
    if (exclude.largerThanBytes !== undefined) tallies.push(new RuleTally("largerThanBytes", 0, false));
    if (exclude.otherFileSystems === true) tallies.push(new RuleTally("otherFileSystems", 0, false));
    this.all = tallies;
    for (const tally of tallies) this.#byRule.set(`${tally.option} ${tally.position}`, tally);
  }

  /** Of a rule that has decided something. */
  of(option: keyof Exclusions, position = 0): RuleTally {
    const tally = this.#byRule.get(`${option} ${position}`);
    if (tally === undefined) throw new Error(`there is no rule ${option} ${position}`);
    return tally;
  }
}
