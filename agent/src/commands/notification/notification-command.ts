import { Notification, NotificationPhase } from "@mycloud/protocol/notification";
import type { Command } from "commander";
import {
  commandGroup,
  formatInstant,
  paintFor,
  paintState,
  printable,
  someOf,
  type Terminal,
} from "../../command-line/index.ts";
import { listCommand } from "../list-command.ts";
import { createSimulateCommand } from "./simulate-command.ts";

/** `mycloud notification list` and `simulate`. */
export function createNotificationCommand(terminal: Terminal): Command {
  const paint = paintFor(terminal);
  const list = listCommand<typeof Notification, { phase?: NotificationPhase[] }>({
    terminal,
    summary: "List notifications, the newest first.",
    path: "/api/v1/notifications",
    row: Notification,
    sort: { field: "id", order: "DESC" },
    whenEmpty: "no notification",
    options: (command) =>
      command.option(
        "--phase <PHASE>",
        `only these phases: ${NotificationPhase.options.join(", ")}`,
        someOf(NotificationPhase.options),
      ),
    filter: (flags) => ({ phase: flags.phase }),
    columns: [
      { heading: "CREATED", cell: (notification) => formatInstant(notification.createdAtMs) },
      { heading: "TYPE", cell: (notification) => notification.type },
      { heading: "STATE", cell: (notification) => paintState(paint, notification.state) },
      { heading: "HOST", cell: (notification) => printable(notification.hostName) },
      { heading: "SERVICE", cell: (notification) => printable(notification.serviceName ?? "-") },
      { heading: "CONTACT", cell: (notification) => printable(notification.contactName) },
      { heading: "PHASE", cell: (notification) => notification.phase },
      { heading: "ERROR", cell: (notification) => printable(notification.lastError ?? "") },
    ],
  });
  return commandGroup("notification", "Who was told, what waits to be sent, and who would be told.", [
    list,
    createSimulateCommand(terminal),
  ]);
}
