import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cpuSeconds } from "../ingest/process-cost.ts";
import type { Corpus } from "./corpus/index.ts";
import { type Measured, type Step, steps } from "./measured.ts";
import type { BackupProgram, Invocation, Places } from "./programs/program.ts";
import { runMeasured } from "./run-measured.ts";

/** A program that takes part, with a repository of its own for this round. */
export interface Participant {
  readonly program: BackupProgram;
  readonly places: Places;
  /** Where the repository lies on this disk, to be measured and removed. */
  readonly repositoryDirectory: string;
  /** A server that works for it: its processor time is counted too. */
  readonly serverPid?: number;
}

export interface RoundOptions {
  readonly corpus: Corpus;
  readonly corpusDirectory: string;
  /** In the order of this round: another one each time, so that nobody always comes first. */
  readonly participants: readonly Participant[];
  readonly round: number;
  readonly scratchDirectory: string;
  readonly onMeasured: (measured: Measured) => void;
}

/** One round over a corpus: every step is done by every program before the next step begins. The corpus is changed in between. */
export async function measureRound(options: RoundOptions): Promise<void> {
  const { corpus, corpusDirectory, participants, round } = options;
  const target = join(options.scratchDirectory, "restored");
  const sizes = new Map<Participant, number>();

  async function measure(step: Step, participant: Participant): Promise<void> {
    const { program, repositoryDirectory } = participant;
    const isBackup = step === "first" || step === "unchanged" || step === "changed";
    const invocation = invocationOf(step, participant, target, corpus.oneFile);
    if (invocation === null) return;
    emptied(target);
    const serverBefore = serverSeconds(participant);
    const own = await runMeasured(invocation, join(options.scratchDirectory, "cost"));
    const cost = { ...own, cpuSeconds: own.cpuSeconds + serverSeconds(participant) - serverBefore };
    if (step === "restore all") assertSame(corpusDirectory, program.restoredCorpus(participant.places, target));
    const repositoryMiB = isBackup ? sizeMiB(repositoryDirectory) : null;
    const addedMiB = repositoryMiB === null ? null : repositoryMiB - (sizes.get(participant) ?? 0);
    if (repositoryMiB !== null) sizes.set(participant, repositoryMiB);
    options.onMeasured({ corpus: corpus.name, program: program.name, step, round, ...cost, repositoryMiB, addedMiB });
  }

  for (const { program, places, repositoryDirectory } of participants) {
    mkdirSync(places.state, { recursive: true });
    if (!existsSync(repositoryDirectory)) mkdirSync(repositoryDirectory, { recursive: true });
    const init = program.init(places);
    if (init !== null) await runMeasured(init, join(options.scratchDirectory, "cost"));
  }
  for (const step of ["first", "unchanged"] as const) {
    for (const participant of participants) await measure(step, participant);
  }
  corpus.change(corpusDirectory, round);
  for (const step of ["changed", "restore all", "restore one", "verify"] as const) {
    for (const participant of participants) await measure(step, participant);
  }
  rmSync(target, { recursive: true, force: true });
  for (const { places, repositoryDirectory } of participants) {
    rmSync(repositoryDirectory, { recursive: true, force: true });
    rmSync(places.state, { recursive: true, force: true });
  }
}

function invocationOf(
  step: Step,
  { program, places }: Participant,
  target: string,
  oneFile: string,
): Invocation | null {
  switch (step) {
    case "first":
    case "unchanged":
    case "changed":
      return program.backUp(places, steps.indexOf(step));
    case "restore all":
      return program.restoreAll(places, target);
    case "restore one":
      return program.restoreOne(places, target, oneFile);
    case "verify":
      return program.verify(places);
  }
}

function serverSeconds({ serverPid }: Participant): number {
  return serverPid === undefined ? 0 : cpuSeconds([serverPid]);
}

function emptied(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
}

/** As du counts: what the files take on disk. */
function sizeMiB(directory: string): number {
  const [kibibytes = "0"] = execFileSync("du", ["-sk", directory], { encoding: "utf8" }).split("\t");
  return Number(kibibytes) / 1024;
}

/** A figure of a restore that restored something else is worth nothing. Times of directories and links are not compared: not all keep them. */
function assertSame(expected: string, restored: string): void {
  const differences = execFileSync("rsync", ["-rlpgoDHOJnci", "--delete", `${expected}/`, `${restored}/`], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (differences.trim() !== "")
    throw new Error(`${restored} differs from ${expected}:\n${differences.slice(0, 2000)}`);
}
