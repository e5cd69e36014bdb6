import type { Machine, MachineSnapshot } from "@mycloud/protocol/machine";
import type { Session } from "@mycloud/protocol/session";
import { type Column, formatTable, type Paint, printable } from "../command-line/index.ts";
import type { Choice } from "./choices.ts";

/** One line of the home: a machine, or one of its repositories when it has several. */
export interface Row {
  readonly machine: Machine;
  /** Null: the machine has one at most. */
  readonly policy: string | null;
}

/** Rows for machines; those with several repositories get one for each that is backed up into. Pure. */
export function rowsOf(machines: readonly Machine[]): Row[] {
  return machines.flatMap((machine): Row[] => {
    const policies = machine.repositories.filter(({ isAssigned }) => isAssigned).map(({ policyName }) => policyName);
    return policies.length < 2 ? [{ machine, policy: null }] : policies.map((policy) => ({ machine, policy }));
  });
}

const roleWords = { admin: "owner", operator: "member", viewer: "reader" } as const;

/** `anna@example.org, owner of acme, at https://mycloud.example.org`. Pure. */
export function describePerson({ name, email, role, customer }: Session["user"], url: string): string {
  const is = customer === null ? role : `${roleWords[role]} of ${customer}`;
  return printable(`${email ?? name}, ${is}, at ${url}`);
}

const healthStyles = { good: "green", attention: "yellow", bad: "red", unknown: "dim" } as const;

/** Machines with numbers; the health is a word, the colour only repeats it. Pure. */
export function formatRows(rows: readonly Row[], paint: Paint, width: number | undefined): string {
  const columns: Column<Row & { readonly number: number }>[] = [
    { heading: "", cell: ({ number }) => String(number), align: "right" },
    {
      heading: "MACHINE",
      cell: ({ machine, policy }) => printable(policy === null ? machine.hostName : `${machine.hostName} (${policy})`),
    },
    { heading: "IS", cell: ({ machine: { health } }) => paint(healthStyles[health], health) },
    { heading: "", cell: ({ machine }) => printable(machine.sentence) },
  ];
  return formatTable(
    columns,
    rows.map((row, at) => ({ ...row, number: at + 1 })),
    paint,
    width,
  );
}

/** `  s  back up now`. Pure. */
export function formatChoices(choices: readonly Pick<Choice, "key" | "label">[], paint: Paint): string {
  return choices.map(({ key, label }) => `  ${paint("bold", key)}  ${label}\n`).join("");
}

/** The newest few snapshots, newest first. Pure. */
export function newestOf(snapshots: readonly MachineSnapshot[], count: number): MachineSnapshot[] {
  return snapshots.slice(-count).toReversed();
}
