import type { ConsoleEvent } from "@mycloud/protocol/event";

/** What changed of one type: ids, or "all" when nobody said which. */
export type Changed = ReadonlySet<number> | "all";

/** What was committed since somebody looked. */
export interface Changes {
  readonly definitions: boolean;
  readonly downtimes: boolean;
  readonly hosts: Changed;
  readonly services: Changed;
}

/** Past this many it is cheaper to look which rows changed than to read each. */
const maximumIds = 20_000;

/** Collects what the change bus says until it is taken. */
export class PendingChanges {
  // At first everything is news.
  #definitions = true;
  #downtimes = true;
  #hosts: Set<number> | "all" = "all";
  #services: Set<number> | "all" = "all";

  note(type: ConsoleEvent["type"], ids: readonly number[] | null): void {
    if (type === "definitions") this.#definitions = true;
    // What a selector covers depends on definitions too.
    if (type === "downtimes" || type === "definitions") this.#downtimes = true;
    if (type === "hosts") this.#hosts = join(this.#hosts, ids);
    if (type === "services") this.#services = join(this.#services, ids);
  }

  get isEmpty(): boolean {
    return !this.#definitions && !this.#downtimes && isNone(this.#hosts) && isNone(this.#services);
  }

  take(): Changes {
    const taken = {
      definitions: this.#definitions,
      downtimes: this.#downtimes,
      hosts: this.#hosts,
      services: this.#services,
    };
    this.#definitions = false;
    this.#downtimes = false;
    this.#hosts = new Set();
    this.#services = new Set();
    return taken;
  }

  /** Takes back what could not be looked at. */
  putBack(changes: Changes): void {
    if (changes.definitions) this.#definitions = true;
    if (changes.downtimes) this.#downtimes = true;
    this.#hosts = join(this.#hosts, changes.hosts === "all" ? null : [...changes.hosts]);
    this.#services = join(this.#services, changes.services === "all" ? null : [...changes.services]);
  }
}

function isNone(changed: Changed): boolean {
  return changed !== "all" && changed.size === 0;
}

function join(known: Set<number> | "all", ids: readonly number[] | null): Set<number> | "all" {
  if (known === "all" || ids === null) return "all";
  for (const id of ids) known.add(id);
  return known.size > maximumIds ? "all" : known;
}
