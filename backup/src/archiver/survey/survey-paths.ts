import { type ByteString, displayText, joinBytes } from "../../byte-string/index.ts";
import { type Directory, type FileStat, faultOf, itemErrorOf, openRoot } from "../../filesystem/index.ts";
import type { ItemError } from "../../progress/index.ts";
import type { Exclusions } from "../backup-options.ts";
import { baseName, cleanPath, parentPath } from "../walking/clean-path.ts";
import { readTargetNames } from "../walking/read-target-names.ts";
import { createSelector, type Selector } from "../walking/selection.ts";
import { type PlannedEntry, planTargets } from "../walking/target-plan.ts";
import { type LeftOutFolder, type MeasureContext, measureLeftOut } from "./measure-left-out.ts";
import { addEntry, RuleTallies, type RuleTally } from "./rule-tally.ts";
import { noAmount, type Survey } from "./survey.ts";
import { SurveyTime, type SurveyTimeOptions } from "./survey-time.ts";

export interface SurveyOptions extends SurveyTimeOptions {
  /** Absolute. */
  readonly paths: readonly ByteString[];
  readonly exclude: Exclusions;
}

/** So many folders wait to be measured; about 300 bytes each. */
const mostWaiting = 50_000;
const mostNamed = 20;

/** A folder that is backed up. */
interface Level {
  readonly directory: Directory;
  readonly path: ByteString;
  /** Of the target that it was reached from. */
  readonly deviceId: bigint;
  readonly names: readonly ByteString[];
  readonly onlyNames: ReadonlySet<ByteString> | null;
  at: number;
}

/**
 * Says what a backup of these paths would take and what each rule keeps from it, without reading any file: with the plan and the selector of the
 * backup itself, in the order in which it asks them. What is taken is counted first, then what is left out, until the time is up. Throws InputError for
 * malformed patterns and for a path that must be listed and cannot be, and the signal's reason.
 */
export async function surveyPaths(options: SurveyOptions): Promise<Survey> {
  return await new SurveyWalk(options).run(options.paths);
}

class SurveyWalk {
  readonly #selector: Selector;
  readonly #tallies: RuleTallies;
  readonly #time: SurveyTime;
  readonly #kept = noAmount();
  readonly #waiting: LeftOutFolder[] = [];
  readonly #named: ItemError[] = [];
  #unreadCount = 0;
  #uncountedMounts = 0;

  constructor(options: SurveyOptions) {
    this.#selector = createSelector(options.exclude);
    this.#tallies = new RuleTallies(options.exclude);
    this.#time = new SurveyTime(options);
  }

  async run(paths: readonly ByteString[]): Promise<Survey> {
    await this.#walkPlan(planTargets(paths.map(cleanPath), readTargetNames));
    const isKeptWhole = !this.#time.isUp;
    await this.#measureWaiting();
    const rules = this.#tallies.all;
    if (!isKeptWhole) for (const tally of rules) tally.isWhole = false;
    return {
      kept: this.#kept,
      rules,
      unread: { count: this.#unreadCount, named: this.#named },
      uncountedMounts: this.#uncountedMounts,
      isWhole: isKeptWhole && rules.every(({ isWhole }) => isWhole),
    };
  }

  async #walkPlan(entries: ReadonlyMap<ByteString, PlannedEntry>): Promise<void> {
    for (const entry of entries.values()) {
      if (this.#time.isUp) return;
      if (entry.kind === "target") await this.#walkTarget(entry);
      else {
        this.#kept.folders += 1;
        await this.#walkPlan(entry.entries);
      }
    }
  }

  async #walkTarget({ path, isNamed }: Extract<PlannedEntry, { kind: "target" }>): Promise<void> {
    const stack: Level[] = [];
    try {
      using parent = openRoot(parentPath(path), { isPathOnly: true });
      const deviceId = (isNamed ? parent.stat(baseName(path)) : parent.statSelf()).deviceId;
      this.#visit({ directory: parent, name: baseName(path), path, deviceId, isNamed }, stack);
      await this.#walk(stack);
    } catch (error) {
      this.#time.throwIfAborted();
      this.#addUnread(path, "target", error);
    } finally {
      for (const { directory } of stack) directory.close();
    }
  }

  async #walk(stack: Level[]): Promise<void> {
    for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
      const name = level.names[level.at++];
      if (name === undefined) {
        level.directory.close();
        stack.pop();
      } else if (level.onlyNames === null || level.onlyNames.has(name)) {
        const { directory, deviceId } = level;
        const path = joinBytes(level.path === "/" ? "" : level.path, "/", name);
        this.#visit({ directory, name, path, deviceId, isNamed: false }, stack);
      }
      if (this.#waiting.length >= mostWaiting) await this.#measureWaiting();
      if (!this.#time.isRestDue()) continue;
      await this.#time.rest();
      if (this.#time.isUp) return;
    }
  }

  /** Counts an entry for what has it, or leaves it out; a directory is put on the stack. */
  #visit(entry: Entry, stack: Level[]): void {
    const { path } = entry;
    const { isExcluded, tally } = this.#judgePath(entry);
    const stat = this.#lookAt(entry);
    if (stat === null) return;
    if (isExcluded && tally !== null) {
      this.#leaveOut(tally, entry, stat);
      return;
    }
    const rule = entry.isNamed ? null : this.#ruleOfStat(entry, stat);
    if (rule !== null) {
      count(rule, path, stat);
      return;
    }
    addEntry(this.#kept, stat);
    if (tally !== null) count(tally, path, stat);
    if (stat.type === "dir") this.#enter(entry, stack);
  }

  /** What patterns say of it, and the one that has the last word. */
  #judgePath({ path, isNamed }: Entry): { readonly isExcluded: boolean; readonly tally: RuleTally | null } {
    if (isNamed || !this.#selector.hasPatterns) return { isExcluded: false, tally: null };
    const { isExcluded, decidedBy } = this.#selector.judgePath(path);
    const tally = decidedBy === null ? null : this.#tallies.of(optionOf[decidedBy.list], decidedBy.position);
    return { isExcluded, tally };
  }

  #lookAt({ directory, name, path }: Entry): FileStat | null {
    try {
      return directory.stat(name);
    } catch (error) {
      this.#addUnread(path, "lstat", error);
      return null;
    }
  }

  #ruleOfStat({ deviceId }: Entry, stat: FileStat): RuleTally | null {
    const isElsewhere = stat.type !== "dir" && this.#selector.isOtherFileSystem(deviceId, stat);
    if (isElsewhere) return this.#tallies.of("otherFileSystems");
    return this.#selector.isExcludedByStat(stat) ? this.#tallies.of("largerThanBytes") : null;
  }

  #enter({ directory: parent, name, path, deviceId }: Entry, stack: Level[]): void {
    let directory: Directory | null = null;
    try {
      directory = parent.openDirectory(name);
      if (this.#selector.isOtherFileSystem(deviceId, directory.statSelf())) {
        this.#waiting.push({
          tally: this.#tallies.of("otherFileSystems"),
          path,
          onlyNames: new Set(),
          deviceIdAbove: deviceId,
        });
        directory.close();
        return;
      }
      const tags = this.#selector.findTags(directory);
      const onlyNames = tags.length === 0 ? null : new Set(tags.map((tag) => tag.name));
      const [first] = tags;
      if (first !== undefined && onlyNames !== null) {
        const { position } = first;
        const tally = position === null ? this.#tallies.of("caches") : this.#tallies.of("ifPresent", position);
        this.#waiting.push({ tally, path, onlyNames, deviceIdAbove: null });
      }
      stack.push({ directory, path, deviceId, names: directory.readNames(), onlyNames, at: 0 });
    } catch (error) {
      directory?.close();
      this.#addUnread(path, "open", error);
    }
  }

  #leaveOut(tally: RuleTally, { directory, path }: Entry, stat: FileStat): void {
    if (stat.type === "dir") {
      const { deviceId } = directory.statSelf();
      this.#waiting.push({ tally, path, onlyNames: null, deviceIdAbove: deviceId });
    } else count(tally, path, stat);
  }

  async #measureWaiting(): Promise<void> {
    const context: MeasureContext = {
      time: this.#time,
      onUnread: (path, error) => this.#addUnread(path, "measure", error),
      onUncountedMount: () => {
        this.#uncountedMounts += 1;
      },
    };
    for (const folder of this.#waiting.splice(0)) {
      if (this.#time.isUp) folder.tally.isWhole = false;
      else await measureLeftOut(folder, context);
    }
  }

  #addUnread(path: ByteString, during: string, error: unknown): void {
    this.#unreadCount += 1;
    if (this.#named.length < mostNamed) this.#named.push(itemErrorOf(displayText(path), faultOf(during, error)));
  }
}

interface Entry {
  readonly directory: Directory;
  readonly name: ByteString;
  readonly path: ByteString;
  readonly deviceId: bigint;
  readonly isNamed: boolean;
}

const optionOf = { patterns: "patterns", caseInsensitive: "caseInsensitivePatterns" } as const;

function count(tally: RuleTally, path: ByteString, stat: FileStat): void {
  addEntry(tally, stat);
  const isFile = stat.type === "file";
  tally.offer({ path, isFolder: stat.type === "dir", files: isFile ? 1 : 0, bytes: isFile ? stat.size : 0 });
}
