import type { ChangeShape } from "@mycloud/protocol/backup-change";
import { usualOf } from "./robust.ts";

/** A shape and when its run began. */
export interface PastChange {
  readonly atMs: number;
  readonly shape: ChangeShape;
}

export interface ChangeJudgement {
  readonly state: "OK" | "WARNING" | "CRITICAL";
  /** 100 is where CRITICAL begins, 50 WARNING. */
  readonly score: number;
  /** What made the score, worst first; empty while all is usual. */
  readonly reasons: readonly string[];
  /** Whether the files themselves look attacked: then what was before has to be kept. */
  readonly isAttack: boolean;
  /** As a plugin prints it. */
  readonly output: string;
}

/** Slow scrambling is added up over this. */
const windowMs = 7 * 86_400_000;
/** Files that may be scrambled in one run before that is CRITICAL: a share of all, within bounds. */
const criticalShare = 0.02;
const fewestFiles = 10;
const mostFiles = 500;
/** Where there are fewer than a hundred files, a tenth of them, and never fewer than this. */
const smallTreeFiles = 100;
const fewestOfSmallTree = 5;
/** How far from usual a count has to be to count at all. */
const deviations = 6;
/** Before there is history: nothing is scrambled, a hundredth goes. */
const priors = { scrambled: { center: 0, spread: 0.3 }, removedShare: { center: 0.01, spread: 0.03 } } as const;
const removedWarning = 0.4;
const removedCritical = 0.9;
const fewestRemoved = 20;
/** Archives that came hold what went when they have this share of its bytes: text packs to a tenth, logs to less. */
const packedShare = 0.02;
/** What the service shows at most. */
const historyLength = 60;

/** Judges a change against the host's own history (newest last). Pure. */
export function judgeChange(shape: ChangeShape, atMs: number, history: readonly PastChange[]): ChangeJudgement {
  const past = history.slice(-historyLength);
  const findings = [...canaryFindings(shape), ...scrambledFindings(shape, atMs, past), ...removedFindings(shape, past)];
  const sorted = findings.filter(({ score }) => score >= 50).sort((a, b) => b.score - a.score);
  const score = Math.floor(Math.max(0, ...findings.map((finding) => finding.score)));
  const state = score >= 100 ? "CRITICAL" : score >= 50 ? "WARNING" : "OK";
  const reasons = sorted.map(({ words }) => words);
  const counts = `${shape.changed} of ${shape.filesBefore} files changed, ${shape.added} added, ${shape.removed} removed`;
  const words = reasons.length === 0 ? counts : `${reasons.join("; ")} (${counts})`;
  return {
    state,
    score,
    reasons,
    isAttack: state === "CRITICAL",
    output: `BACKUP CHANGE ${state} - ${words.replace(/[|\n]/g, " ")} | ${perfdataOf(shape, score)}`,
  };
}

interface Finding {
  readonly score: number;
  readonly words: string;
}

/** A canary is a file that nobody has a reason to touch. */
function canaryFindings({ canaries }: ChangeShape): Finding[] {
  const [first] = canaries;
  if (first === undefined) return [];
  const more = canaries.length > 1 ? ` and ${canaries.length - 1} more` : "";
  return [{ score: 100, words: `canary ${first}${more} was touched` }];
}

function scrambledFindings(shape: ChangeShape, atMs: number, past: readonly PastChange[]): Finding[] {
  const usual = usualOf(
    past.map((one) => one.shape.scrambled),
    priors.scrambled,
  );
  const unusualFrom = usual.center + deviations * usual.spread;
  const limit = Math.max(limitFor(shape.filesBefore), unusualFrom);
  const findings = [{ score: (100 * shape.scrambled) / limit, words: scrambledWords(shape) }];
  const recent = past.filter((one) => one.atMs > atMs - windowMs);
  // What is scrambled every time is usual here, and is not added up.
  const unusual = (count: number) =>
    Math.max(0, count - usual.center - deviations * (usual.spread - priors.scrambled.spread));
  const together = recent.reduce((sum, one) => sum + unusual(one.shape.scrambled), unusual(shape.scrambled));
  if (shape.scrambled > 0 && together > shape.scrambled) {
    const words = `${Math.round(together)} files look encrypted within 7 days${exampleOf(shape)}`;
    findings.push({ score: (100 * together) / (limitFor(shape.filesBefore) * 1.5), words });
  }
  return findings;
}

/** How many scrambled files are CRITICAL for a tree of so many. Pure. */
function limitFor(files: number): number {
  if (files < smallTreeFiles) return Math.max(fewestOfSmallTree, files / 10);
  return Math.min(mostFiles, Math.max(fewestFiles, files * criticalShare));
}

function scrambledWords(shape: ChangeShape): string {
  const { scrambled, scrambledRenamed, newExtension } = shape;
  const renamed = scrambledRenamed > scrambled / 2 && newExtension ? `, most of them renamed to .${newExtension}` : "";
  return `${scrambled} files look encrypted${renamed}${exampleOf(shape)}`;
}

function exampleOf({ examples: [example] }: ChangeShape): string {
  return example === undefined ? "" : `, for example ${example}`;
}

function removedFindings(shape: ChangeShape, past: readonly PastChange[]): Finding[] {
  const { removed, added, filesBefore, removedBytes, archivedBytes } = shape;
  // Files that moved are removed and added.
  const gone = Math.max(0, removed - added);
  const share = gone / Math.max(1, filesBefore);
  const usual = usualOf(
    past.map((one) => Math.max(0, one.shape.removed - one.shape.added) / Math.max(1, one.shape.filesBefore)),
    priors.removedShare,
  );
  if (gone < fewestRemoved || share < usual.center + deviations * usual.spread) return [];
  const words = `${gone} of ${filesBefore} files are gone`;
  // Somebody has packed them; an archive with a password is worth a look all the same.
  if (share >= removedWarning && archivedBytes > 0 && archivedBytes >= packedShare * removedBytes) {
    return [{ score: 75, words: `${words}, and an archive of ${Math.ceil(archivedBytes / 1024)} KiB came` }];
  }
  if (share >= removedCritical) return [{ score: 100, words }];
  return [{ score: share >= removedWarning ? 75 : (50 * share) / removedWarning, words }];
}

function perfdataOf(shape: ChangeShape, score: number): string {
  const share = (count: number) => ((100 * count) / Math.max(1, shape.filesBefore)).toFixed(2);
  const incompressible = (100 * shape.incompressibleBytes) / Math.max(1, shape.addedBytes);
  return [
    `score=${score};50;100;0`,
    `changed=${share(shape.changed)}%;;;0`,
    `added=${shape.added};;;0`,
    `removed=${share(shape.removed)}%;;;0`,
    `rewritten=${shape.rewritten};;;0`,
    `scrambled=${shape.scrambled};;;0`,
    `renamed=${shape.scrambledRenamed};;;0`,
    `incompressible=${incompressible.toFixed(1)}%;;;0;100`,
    `canaries=${shape.canaries.length};;0;0`,
  ].join(" ");
}
