import type { SimulationAnswer } from "@mycloud/protocol/notification";
import { formatInstant, type Paint, paintState, printable } from "../../command-line/index.ts";

/** A simulation for people, in the order of time: who is told when, by what, or why nobody is. Pure. */
export function describeSimulation(answer: SimulationAnswer, paint: Paint): string {
  const name = answer.service === null ? answer.host : `${answer.host}/${answer.service}`;
  const until = formatInstant(answer.untilMs);
  const lines = [
    `If ${printable(name)} goes ${paintState(paint, answer.state)} at ${formatInstant(answer.atMs)} and stays so until ${until}:`,
  ];
  const events = [
    ...answer.messages.map((message) => ({ atMs: message.atMs, text: messageLine(message) })),
    ...answer.silences.map(({ atMs, reason, message }) => ({
      atMs,
      text: `nobody: ${printable(message)} (${reason})`,
    })),
  ].sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, text } of events) lines.push(`  ${formatInstant(atMs)}  ${text}`);
  if (answer.messages.length === 0) lines.push("Nobody is told.");
  return `${lines.join("\n")}\n`;
}

function messageLine(message: SimulationAnswer["messages"][number]): string {
  const { contactName, ruleName, via, number, form, sentAtMs, channels } = message;
  const by = channels.map(({ type, address }) => `${type} ${printable(address)}`).join(", ");
  const why = `rule "${printable(ruleName)}"${via === null ? "" : `, ${printable(via)}`}, message ${number}`;
  const waits = form === "single" ? "" : `, with its ${form} at ${formatInstant(sentAtMs)}`;
  return `${printable(contactName)} by ${by}${waits} (${why})`;
}
