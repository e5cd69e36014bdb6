// Backups beside restic, borg and rsync, on the same files, on the same machine, in the same run.
//
//   npm run bench:backup                                               all of it, about an hour
//   npm run bench:backup -- --corpora home --rounds 1 --scale 0.2      a part, roughly
//   npm run bench:backup -- --programs mycloud,restic --json figures.json
//
// In every round each program gets a new repository; every step is done by all programs before the next one begins, in an order that
// turns from round to round. Wall time, processor time and peak memory are those of the command as a person types it, start of the
// program and key derivation included, with all earlier writes flushed; the page cache is warm. What was restored is compared with the
// original. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md: medians, and what was set out to be reached.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type CorpusName, corpusNames, corpusOf } from "./backup/corpus/index.ts";
import { measureRound, type Participant } from "./backup/measure-round.ts";
import type { Measured } from "./backup/measured.ts";
import { borgProgram } from "./backup/programs/borg.ts";
import { mycloudProgram } from "./backup/programs/mycloud.ts";
import type { BackupProgram } from "./backup/programs/program.ts";
import { resticProgram } from "./backup/programs/restic.ts";
import { rsyncProgram } from "./backup/programs/rsync.ts";
import { medians } from "./backup/ratios.ts";
import { reportMedians, reportTargets } from "./backup/report.ts";
import { requireTime } from "./backup/run-measured.ts";
import { type RunningStorage, startStorage } from "./backup/start-storage.ts";
import { compareWithTargets } from "./backup/targets.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const programNames = ["mycloud", "server", "restic", "borg", "rsync"] as const;

const { values } = parseArgs({
  options: {
    corpora: { type: "string", default: corpusNames.join(",") },
    programs: { type: "string", default: programNames.join(",") },
    rounds: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    directory: { type: "string", default: tmpdir() },
    json: { type: "string" },
  },
});
const corpora = listed("corpora", values.corpora, corpusNames);
const chosen = listed("programs", values.programs, programNames);
const rounds = positive("rounds", values.rounds);
const scale = positive("scale", values.scale);
requireTime();

const machine = describeMachine();
const work = mkdtempSync(join(values.directory, "mycloud-bench-backup-"));
const programs: Record<(typeof programNames)[number], BackupProgram> = {
  mycloud: mycloudProgram("MyCloud", "benchmark"),
  server: mycloudProgram("MyCloud, server", "benchmark"),
  restic: resticProgram("benchmark"),
  borg: borgProgram("benchmark"),
  rsync: rsyncProgram(),
};
const measured: Measured[] = [];
let storage: RunningStorage | null = null;

try {
  if (chosen.includes("server")) storage = await startStorage(join(work, "storage"));
  for (const name of corpora) await measureCorpus(name);
} finally {
  await storage?.stop();
  rmSync(work, { recursive: true, force: true });
}

const middle = medians(measured);
const reached = compareWithTargets(middle);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, rounds, scale, medians: middle, reached, measured }, null, 2)}\n`,
  );
}
console.log(`${machine} \`--rounds ${rounds} --scale ${scale}\`:\n`);
console.log(`${reportMedians(middle)}\n\n${reportTargets(reached)}`);

async function measureCorpus(name: CorpusName): Promise<void> {
  const corpus = corpusOf(name, scale);
  const corpusDirectory = join(work, "corpus", name);
  mkdirSync(corpusDirectory, { recursive: true });
  console.error(`making ${name}: ${corpus.description} ...`);
  corpus.make(corpusDirectory);
  for (let round = 1; round <= rounds; round++) {
    const participants = turned(chosen, round).map((program) => participant(program, corpusDirectory, name, round));
    await measureRound({
      ...{ corpus, corpusDirectory, participants, round, scratchDirectory: work },
      onMeasured(one) {
        measured.push(one);
        const figures = `${one.wallSeconds.toFixed(2)} s, CPU ${one.cpuSeconds.toFixed(2)} s, ${one.peakMiB.toFixed(0)} MiB`;
        console.error(`${name}, round ${round}, ${one.step}, ${one.program}: ${figures}`);
      },
    });
  }
  rmSync(corpusDirectory, { recursive: true, force: true });
}

function participant(
  name: (typeof programNames)[number],
  corpus: string,
  corpusName: string,
  round: number,
): Participant {
  const unique = `${corpusName}-${round}-${name}`;
  const state = join(work, "state", unique);
  const remote = name === "server" ? storage?.repository(unique) : undefined;
  const repositoryDirectory = remote?.directory ?? join(work, "repositories", unique);
  const places = { corpus, state, repository: remote?.location ?? repositoryDirectory };
  return {
    ...{ program: programs[name], places, repositoryDirectory },
    ...(remote === undefined || storage === null ? {} : { serverPid: storage.pid }),
  };
}

/** The same, beginning with another one each round. */
function turned<Item>(items: readonly Item[], round: number): Item[] {
  const first = (round - 1) % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) fail(`--${option} is "${value}"; write a number above 0.`);
  return number;
}

/** The words of a comma-separated option, each one of those allowed. */
function listed<Word extends string>(option: string, value: string, allowed: readonly Word[]): Word[] {
  return value.split(",").map((word) => {
    const known = allowed.find((candidate) => candidate === word);
    return known ?? fail(`--${option} is "${value}"; write ${allowed.join(" or ")}.`);
  });
}

function fail(message: string): never {
  console.error(`bench:backup: ${message}`);
  process.exit(2);
}
