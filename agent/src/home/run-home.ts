import { Machine } from "@mycloud/protocol/machine";
import { Session } from "@mycloud/protocol/session";
import { z } from "zod";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";
import { CommandError, formatTable, paintFor, printable, remark, type Terminal, write } from "../command-line/index.ts";
import { snapshotColumns } from "../commands/own-backups/log.ts";
import { chooseRepository, connectAsPerson } from "../machine-choice/index.ts";
import { isDump, listSnapshots } from "../snapshot-choice/index.ts";
import { type Choice, machineChoices, personChoices, strangerChoices } from "./choices.ts";
import { describePerson, formatChoices, formatRows, newestOf, type Row, rowsOf } from "./home-text.ts";
import { readKey, readLine } from "./read-key.ts";

/** Runs a command of this program in this process; answers its exit code. */
export type RunCommand = (words: readonly string[]) => Promise<number>;

interface Person {
  readonly client: ApiClient;
  readonly user: Session["user"];
  readonly rows: readonly Row[];
  readonly total: number;
}

/** What was chosen: something to do, a machine, going back or leaving. */
type Chosen = Choice | { readonly row: Row } | "back" | "leave";

const machinesShown = 30;
const snapshotsShown = 5;

/** Shows the home until the person leaves. */
export async function runHome(terminal: Terminal, run: RunCommand): Promise<void> {
  let row: Row | null = null;
  while (!terminal.signal.aborted) {
    const person = await findPerson(terminal);
    if (person === null) {
      await write(terminal.stdout, "\nMyCloud. You are not logged in.\n\n");
      if ((await choose(terminal, run, strangerChoices, [], false)) === "leave") return;
      continue;
    }
    // Whoever has one machine means that one.
    const only: Row | null = person.rows.length === 1 && person.total <= 1 ? (person.rows[0] ?? null) : null;
    const shown: Row | null = row === null ? only : (renewed(person.rows, row) ?? only);
    const paint = paintFor(terminal);
    await write(terminal.stdout, `\n${paint("bold", describePerson(person.user, person.client.instance.url))}\n\n`);
    if (shown === null) await showMachines(terminal, person);
    else await showMachine(terminal, person.client, shown);
    const choices = [...(shown === null ? [] : machineChoices), ...personChoices];
    const numbered = shown === null ? person.rows : [];
    const chosen = await choose(terminal, run, choices, numbered, shown !== null && only === null, shown);
    if (chosen === "leave") return;
    if (chosen === "back") row = null;
    else if (typeof chosen === "object" && "row" in chosen) row = chosen.row;
    else row = shown;
  }
}

/** Null when nobody is logged in. */
async function findPerson(terminal: Terminal): Promise<Person | null> {
  try {
    const client = await connectAsPerson(terminal, {});
    const { user } = parseAnswer(Session, await client.request("GET", "/api/v1/session", { signal: terminal.signal }));
    const { rows, total } = await listAll(client, "/api/v1/machines", { limit: machinesShown });
    return { client, user, rows: rowsOf(parseAnswer(z.array(Machine), rows)), total };
  } catch (error) {
    if (error instanceof CommandError && ["MYCLOUD_NOT_ALLOWED", "MYCLOUD_AUTHENTICATION"].includes(error.code)) {
      return null;
    }
    throw error;
  }
}

/** The same machine as it is now. */
function renewed(rows: readonly Row[], { machine, policy }: Row): Row | null {
  return rows.find((row) => row.machine.hostId === machine.hostId && row.policy === policy) ?? null;
}

async function showMachines(terminal: Terminal, { rows, total }: Person): Promise<void> {
  if (rows.length === 0) return write(terminal.stdout, "You have no machine yet.\n");
  await write(terminal.stdout, formatRows(rows, paintFor(terminal), terminal.stdout.columns));
  if (total > machinesShown) await remark(terminal, `and ${total - machinesShown} more; mycloud host list shows all`);
}

async function showMachine(terminal: Terminal, client: ApiClient, { machine, policy }: Row): Promise<void> {
  const paint = paintFor(terminal);
  await write(terminal.stdout, `${paint("bold", printable(machine.hostName))}: ${printable(machine.sentence)}\n`);
  if (machine.repositories.length === 0) return;
  try {
    const repository = chooseRepository(machine.repositories, policy ?? undefined, machine.hostName);
    const snapshots = await listSnapshots({ client, repository }, terminal.signal);
    const newest = newestOf(
      snapshots.filter((snapshot) => !isDump(snapshot)),
      snapshotsShown,
    );
    if (newest.length === 0) return;
    await write(terminal.stdout, `\n${formatTable(snapshotColumns(newest), newest, paint, terminal.stdout.columns)}`);
  } catch (error) {
    // A private repository of a machine that is away cannot be looked into; everything else goes on.
    if (!(error instanceof CommandError)) throw error;
    await remark(terminal, printable(error.message));
  }
}

/** Shows the choices and carries one out. */
async function choose(
  terminal: Terminal,
  run: RunCommand,
  choices: readonly Choice[],
  rows: readonly Row[],
  hasBack: boolean,
  shown: Row | null = null,
): Promise<Chosen> {
  const paint = paintFor(terminal);
  const extra = [...(hasBack ? [{ key: "h", label: "back to all machines" }] : []), { key: "q", label: "quit" }];
  const numbers =
    rows.length === 0
      ? ""
      : formatChoices([{ key: rows.length === 1 ? "1" : `1-${rows.length}`, label: "one machine" }], paint);
  await write(terminal.stdout, `\nWhat can I do?\n${numbers}${formatChoices([...choices, ...extra], paint)}`);
  while (true) {
    // Numbers of two digits need Enter behind them.
    const key = await (rows.length > 9 ? readLine(terminal, "> ") : keyAfterPrompt(terminal));
    if (key === null || key === "q") return "leave";
    if (key === "h" && hasBack) return "back";
    const row = /^\d+$/.test(key) ? rows[Number(key) - 1] : undefined;
    if (row !== undefined) return { row };
    const choice = choices.find((each) => each.key === key);
    if (choice !== undefined) return carryOut(terminal, run, choice, shown);
    await write(terminal.stdout, `"${printable(key)}" is none of these.\n`);
  }
}

async function keyAfterPrompt(terminal: Terminal): Promise<string | null> {
  await write(terminal.stdout, "> ");
  const key = await readKey(terminal);
  await write(terminal.stdout, `${key ?? ""}\n`);
  return key;
}

async function carryOut(terminal: Terminal, run: RunCommand, choice: Choice, shown: Row | null): Promise<Chosen> {
  const answers: string[] = [];
  for (const { prompt, whenEmpty } of choice.questions ?? []) {
    const answer = await readLine(terminal, prompt);
    if (answer === null || (answer === "" && whenEmpty === null)) return choice;
    answers.push(answer === "" ? (whenEmpty ?? "") : answer);
  }
  const words = choice.words(answers);
  const isOfMachine = shown !== null && machineChoices.includes(choice);
  const all = isOfMachine
    ? [...words, "--machine", shown.machine.hostName, ...(shown.policy === null ? [] : ["--policy", shown.policy])]
    : words;
  await write(terminal.stdout, `\n${paintFor(terminal)("dim", `$ mycloud ${all.map(shellWord).join(" ")}`)}\n`);
  const code = await run(all);
  if (code !== 0 && !terminal.signal.aborted) await remark(terminal, `(exit code ${code})`);
  return choice;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
