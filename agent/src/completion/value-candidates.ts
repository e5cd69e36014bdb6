import type { MachineSnapshot } from "@mycloud/protocol/machine";
import { FolderPage } from "@mycloud/protocol/snapshot-view";
import { parseAnswer } from "../client/index.ts";
import { printable, type Terminal } from "../command-line/index.ts";
import { chooseRepository, connectAsPerson, listMachines, openMachine, type Place } from "../machine-choice/index.ts";
import {
  chooseSnapshot,
  formatLocalTime,
  isDump,
  listSnapshots,
  parseSnapshotPath,
  viewPathOf,
} from "../snapshot-choice/index.ts";
import type { Candidate } from "./command-words.ts";
import { readTypedWords, type TypedWords } from "./typed-words.ts";

const snapshotsOffered = 30;
const pathsOffered = 200;

/** What the word that is being typed can become. Throws whatever kept it from being found out. */
export async function valueCandidates(terminal: Terminal, words: readonly string[]): Promise<Candidate[]> {
  const typed = readTypedWords(words);
  const flags = flagsOf(typed);
  const { wanted, current } = typed;
  if (wanted.kind === "nothing") return [];
  if (wanted.kind === "machine") {
    const machines = await listMachines(await connectAsPerson(terminal, flags));
    return beginning(
      current,
      machines.map(({ hostName, sentence }) => ({ word: hostName, description: sentence })),
    );
  }
  const { client, machine, isHere } = await openMachine(terminal, flags);
  if (wanted.kind === "policy") {
    return beginning(
      current,
      machine.repositories.map(({ policyName, storageName }) => ({ word: policyName, description: storageName })),
    );
  }
  const repository = chooseRepository(machine.repositories, typed.policy, machine.hostName);
  const place: Place = { client, machine, isHere, repository };
  const snapshots = await listSnapshots(place, terminal.signal);
  if (wanted.kind === "path") return await paths(terminal, place, snapshots, wanted.snapshot, current, "");
  const parts = parseSnapshotPath(current, terminal.now());
  if (wanted.kind === "snapshot-or-path" && parts.snapshot !== null && current.includes(":")) {
    const prefix = `${parts.snapshot}:`;
    return await paths(terminal, place, snapshots, parts.snapshot, current.slice(prefix.length), prefix);
  }
  return beginning(current, snapshotCandidates(snapshots));
}

function flagsOf({ machine, stateDir, server, tokenFile }: TypedWords) {
  return {
    ...(machine === undefined ? {} : { machine }),
    ...(stateDir === undefined ? {} : { stateDir }),
    ...(server === undefined ? {} : { server }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
  };
}

/** The newest snapshots by the beginnings of their ids, with when they were taken. Pure but for the time zone. */
export function snapshotCandidates(snapshots: readonly MachineSnapshot[]): Candidate[] {
  const ofFiles = snapshots.filter((snapshot) => !isDump(snapshot)).toReversed();
  const described = ofFiles.slice(0, snapshotsOffered).map(({ id, takenAtMs, filesNew, filesChanged, note }) => ({
    word: id.slice(0, 8),
    description: [
      formatLocalTime(takenAtMs),
      ...(filesNew === null ? [] : [`+${filesNew}`]),
      ...(filesChanged === null ? [] : [`~${filesChanged}`]),
      printable(note),
    ]
      .join(" ")
      .trim(),
  }));
  const [newest, second] = described;
  return [
    ...(newest === undefined ? [] : [{ word: "latest", description: newest.description }]),
    ...(second === undefined ? [] : [{ word: "latest~1", description: second.description }]),
    ...described,
  ];
}

/** Names in the folder that was typed so far, written as the person wrote it. */
async function paths(
  terminal: Terminal,
  { client, machine, repository, isHere }: Place,
  snapshots: readonly MachineSnapshot[],
  word: string,
  current: string,
  prefix: string,
): Promise<Candidate[]> {
  const slash = current.lastIndexOf("/") + 1;
  const [folder, name] = [current.slice(0, slash), current.slice(slash)];
  // On another machine only whole paths mean anything.
  const shown = folder === "" && !isHere ? "/" : folder;
  const standpoint = { workingDirectory: terminal.workingDirectory, isHere, hostName: machine.hostName };
  const path = viewPathOf(shown === "" ? "." : shown, standpoint);
  const { id } = chooseSnapshot(snapshots, word, path, terminal.now());
  const page = parseAnswer(
    FolderPage,
    await client.request("GET", `/api/v1/backup-repositories/${repository.id}/snapshots/${id}/folder`, {
      query: { path, nameContains: name, limit: String(pathsOffered) },
      signal: terminal.signal,
    }),
  );
  return page.entries
    .filter((entry) => entry.name.startsWith(name))
    .map((entry) => ({
      word: `${prefix}${shown}${entry.name}${entry.type === "dir" ? "/" : ""}`,
      description: formatLocalTime(entry.modifiedAtMs),
    }));
}

function beginning(current: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(current));
}
