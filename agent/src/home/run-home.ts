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

/** What can be chosen, and what it is about. */
interface Offered {
  readonly choices: readonly Choice[];
  /** Machines that have numbers. */
  readonly rows: readonly Row[];
  readonly hasBack: boolean;
  /** The machine that is shown. */
  readonly shown: Row | null;
  /** Whether the choices are still in sight. */
  readonly isBrief: boolean;
}

/** What was chosen: something that is done now, a machine, seeing all again, going back or leaving. */
type Chosen = "done" | { readonly row: Row } | "again" | "back" | "leave";

const machinesShown = 30;
const snapshotsShown = 5;

/** Shows the home until the person leaves. */
export async function runHome(terminal: Terminal, run: RunCommand): Promise<void> {
  let row: Row | null = null;
  // After a command only a short question is shown: what it printed stays in sight.
  let isBrief = false;
  while (!terminal.signal.aborted) {
    const person = await findPerson(terminal);
    if (person === null) {
      await write(terminal.stdout, "\nMyCloud. You are not logged in.\n\n");
      const offered = { choices: strangerChoices, rows: [], hasBack: false, shown: null, isBrief: false };
      if ((await choose(terminal, run, offered)) === "leave") return;
      continue;
    }
    const { shown, only } = meant(person, row);
    if (!isBrief) await show(terminal, person, shown);
    const choices = [...(shown === null ? [] : machineChoices), ...personChoices];
    const rows = shown === null ? person.rows : [];
    const chosen = await choose(terminal, run, {
      choices,
      rows,
      hasBack: shown !== null && only === null,
      shown,
      isBrief,
    });
    if (chosen === "leave") return;
    isBrief = chosen === "done";
    if (chosen === "back") row = null;
    else row = typeof chosen === "object" ? chosen.row : shown;
  }
}

async function show(terminal: Terminal, person: Person, shown: Row | null): Promise<void> {
  const who = describePerson(person.user, person.client.instance.url);
  await write(terminal.stdout, `\n${paintFor(terminal)("bold", who)}\n\n`);
  if (shown === null) await showMachines(terminal, person);
  else await showMachine(terminal, person.client, shown);
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

/** The machine that is shown: the chosen one as it is now, and for whoever has one machine that one. Pure. */
function meant({ rows, total }: Person, chosen: Row | null): { readonly shown: Row | null; readonly only: Row | null } {
  const only = rows.length === 1 && total <= 1 ? (rows[0] ?? null) : null;
  const renewed = rows.find(
    ({ machine, policy }) => machine.hostId === chosen?.machine.hostId && policy === chosen.policy,
  );
  return { shown: renewed ?? only, only };
}

async function showMachines(terminal: Terminal, { rows, total }: Person): Promise<void> {
  if (rows.length === 0) return write(terminal.stdout, "You have no machine yet.\n");
  await write(terminal.stdout, formatRows(rows, paintFor(terminal), terminal.stdout.columns || undefined));
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
    await write(
      terminal.stdout,
      `\n${formatTable(snapshotColumns(newest), newest, paint, terminal.stdout.columns || undefined)}`,
    );
  } catch (error) {
    // A private repository of a machine that is away cannot be looked into; everything else goes on.
    if (!(error instanceof CommandError)) throw error;
    await remark(terminal, printable(error.message));
  }
}

/** Shows the choices and carries one out. */
async function choose(terminal: Terminal, run: RunCommand, offered: Offered): Promise<Chosen> {
  const { choices, rows, hasBack, shown, isBrief } = offered;
  await write(terminal.stdout, isBrief ? "\nWhat next? (? shows what can be done)\n" : choicesText(terminal, offered));
  while (true) {
    // Numbers of two digits need Enter behind them.
    const key = await (rows.length > 9 ? readLine(terminal, "> ") : keyAfterPrompt(terminal));
    if (key === null || key === "q") return "leave";
    if (key === "?") return "again";
    if (key === "h" && hasBack) return "back";
    const row = /^\d+$/.test(key) ? rows[Number(key) - 1] : undefined;
    if (row !== undefined) return { row };
    const choice = choices.find((each) => each.key === key);
    if (choice !== undefined) return await carryOut(terminal, run, choice, shown);
    await write(terminal.stdout, `"${printable(key)}" is none of these; ? shows them.\n`);
  }
}

function choicesText(terminal: Terminal, { choices, rows, hasBack }: Offered): string {
  const paint = paintFor(terminal);
  const numbers =
    rows.length === 0 ? [] : [{ key: rows.length === 1 ? "1" : `1-${rows.length}`, label: "one machine" }];
  const back = hasBack ? [{ key: "h", label: "back to all machines" }] : [];
  const all = [...numbers, ...choices, ...back, { key: "q", label: "quit" }];
  return `\nWhat can I do?\n${formatChoices(all, paint)}`;
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
    if (answer === null || (answer === "" && whenEmpty === null)) return "done";
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
  return "done";
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
