import { formatTable } from "../../../../scripts/documentation/markdown-table.ts";
import type { KnownCommand } from "../create-external-commands.ts";

/** `docs/external-commands.md`, made from the commands there are. Pure. */
export function commandsPage(known: readonly KnownCommand[]): string {
  const done = known.filter(({ refusal }) => refusal === null);
  const refused = known.filter(({ refusal }) => refusal !== null);
  return `# External commands

This page is made from the commands that the program knows; \`MYCLOUD_WRITE_DOCUMENTATION=1\` has the tests of \`control-plane/src/external-command\` write it. How commands
are sent is said in [Keep senders and scripts](how-to/passive-results.md).

Every command of nagios4 is here: ${done.length} (some of them Shinken's and Icinga's) are carried out, ${refused.length} are refused, each with its one reason. Fields are separated by \`;\`, and those in brackets may be
missing. Times are seconds since 1970, intervals are minutes. What \`ENABLE_*\`, \`DISABLE_*\`, \`START_*\`, \`STOP_*\` and \`CHANGE_*\` change is kept over the definitions, over restarts as well, until it is changed back or
\`CHANGE_*_MODATTR\` takes it back.

## Carried out

${formatTable(
  ["command", "fields"],
  done.map(({ name, fields }) => [`\`${name}\``, sayFields(fields)]),
)}
## Refused

${formatTable(
  ["command", "reason"],
  refused.map(({ name, refusal }) => [`\`${name}\``, refusal ?? ""]),
)}`;
}

function sayFields(fields: readonly string[]): string {
  return fields.map((field) => (field.endsWith("?") ? `[${field.slice(0, -1)}]` : field)).join("; ");
}
