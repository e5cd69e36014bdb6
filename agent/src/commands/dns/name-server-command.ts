import { NameServer } from "@mycloud/protocol/name-server";
import type { Command } from "commander";
import { commandGroup, formatAge, printable, type Terminal } from "../../command-line/index.ts";
import { listCommand } from "../list-command.ts";

/** `mycloud dns server list`. */
export function createNameServerCommand(terminal: Terminal): Command {
  const list = listCommand({
    terminal,
    summary: "List name servers as they were heard of last.",
    path: "/api/v1/dns/name-servers",
    row: NameServer,
    sort: { field: "name", order: "ASC" },
    whenEmpty: "no name server was heard of",
    columns: [
      { heading: "NAME SERVER", cell: ({ name }) => printable(name) },
      { heading: "HEARD", cell: ({ seenAtMs }) => formatAge(seenAtMs, terminal.now()), align: "right" },
      { heading: "ZONES", cell: ({ status }) => String(status.zones.length), align: "right" },
      {
        heading: "FAULTS",
        cell: ({ status }) => String(status.zones.filter(({ error }) => error !== null).length),
        align: "right",
      },
      { heading: "QUERIES", cell: ({ status }) => String(status.queries), align: "right" },
      { heading: "LISTENS", cell: ({ status }) => printable(status.listeners.join(", ")) },
      { heading: "VERSION", cell: ({ status }) => printable(status.version) },
    ],
  });
  return commandGroup("server", "Name servers.", [list]);
}
