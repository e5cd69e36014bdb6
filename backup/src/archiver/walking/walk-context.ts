import type { BlobIndex } from "../../index/index.ts";
import type { BackedUpItem } from "../backup-options.ts";
import type { ItemErrors } from "../item-errors.ts";
import type { ProgressMeter } from "../progress-meter.ts";
import type { FileIntake } from "../storing/file-intake.ts";
import type { TreeStorer } from "../storing/tree-storer.ts";
import type { ChangeOptions } from "./change-detection.ts";
import type { LookAhead } from "./look-ahead.ts";
import type { NodeOptions } from "./node-of-entry.ts";
import type { ParentTrees } from "./parent-trees.ts";
import type { Selector } from "./selection.ts";
import type { WalkFigures } from "./walk-figures.ts";

/** Keeps the walk from running ahead of what can be stored. */
export interface Pace {
  isFull(): boolean;
  whenRoom(): Promise<void>;
}

/** Everything a walk works with. */
export interface WalkContext {
  readonly index: BlobIndex;
  readonly parentTrees: ParentTrees;
  readonly lookAhead: LookAhead | null;
  readonly intake: FileIntake;
  readonly treeStorer: TreeStorer;
  readonly pace: Pace;
  readonly selector: Selector;
  readonly nodeOptions: NodeOptions;
  readonly change: ChangeOptions;
  /** Whether the parent snapshot carries all that we do: we made it. */
  readonly isParentComplete: boolean;
  readonly errors: ItemErrors;
  readonly figures: WalkFigures;
  readonly meter: ProgressMeter;
  readonly onItem: ((item: BackedUpItem) => void) | undefined;
  readonly signal: AbortSignal;
}
