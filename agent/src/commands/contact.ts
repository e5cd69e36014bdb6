import { Contact } from "@mycloud/protocol/contact";
import type { Command } from "commander";
import { commandGroup, printable, type Terminal } from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

/** `mycloud contact list`; contacts are written by `mycloud apply` or in the console. */
export function createContactCommand(terminal: Terminal): Command {
  const list = listCommand({
    terminal,
    summary: "List contacts.",
    path: "/api/v1/contacts",
    row: Contact,
    sort: { field: "name", order: "ASC" },
    whenEmpty: "no contact",
    columns: [
      { heading: "CONTACT", cell: (contact) => printable(contact.name) },
      { heading: "E-MAIL", cell: (contact) => contact.email ?? "-" },
      { heading: "CHANNELS", cell: (contact) => contact.channels.map(({ type }) => type).join(", ") || "-" },
      { heading: "CUSTOMER", cell: (contact) => contact.customer ?? "-" },
      { heading: "ENABLED", cell: (contact) => (contact.isEnabled ? "yes" : "no") },
    ],
  });
  return commandGroup("contact", "Who can be told.", [list]);
}
