import type { Executor } from "../database/dialect/dialect.ts";
import type { AccountMails } from "./account-mails.ts";

/** A machine whose agent has just come in. */
export interface EnrolledMachine {
  readonly hostId: number;
  readonly hostName: string;
  readonly customer: string | null;
  readonly address: string | null;
  /** Who made the token. */
  readonly invitedByName: string;
  readonly atMs: number;
}

/** Tells an organisation's members of a new machine; those who run the installation have the console's list. */
export async function tellEnrolled(mails: AccountMails, tx: Executor, machine: EnrolledMachine): Promise<void> {
  if (machine.customer === null) return;
  await mails.toMembers(tx, machine.customer, {
    subject: `New machine: ${machine.hostName}`,
    paragraphs: [
      `The machine ${machine.hostName} was enrolled with a token that ${machine.invitedByName} made.`,
      "If nobody of you did that, revoke its agent in the console.",
    ],
    details: [
      ["When", { atMs: machine.atMs }],
      ["From", machine.address ?? "unknown"],
    ],
    action: { text: "Look at the machine", path: `/#/hosts/${machine.hostId}/show` },
    kind: "new-machine",
  });
}
