import { QueryExplanation } from "@mycloud/protocol/dns-zone";
import { Command } from "commander";
import { connect, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  flagsOf,
  formatInstant,
  printable,
  printFields,
  printJson,
  type Terminal,
  write,
} from "../../command-line/index.ts";

/** `mycloud dns explain NAME [TYPE] --from ADDRESS`. */
export function createDnsExplainCommand(terminal: Terminal): Command {
  const command = new Command("explain")
    .description("Say what name servers answer to a question, to whom, and why.")
    .argument("<NAME>", "what is asked for: www.example.org")
    .argument("[TYPE]", "the type of records", "A")
    .option("--from <ADDRESS>", "the client's address, which decides the view", "127.0.0.1");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud dns explain www.example.org", "which addresses are answered, and which are kept back"],
    ["mycloud dns explain www.example.org AAAA --from 10.1.2.3", "to a client inside"],
  ]);
  return command.action(async (name: string, type: string, { from }: { readonly from: string }) => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const answer = await client.request("GET", `/api/v1/dns/explain?${new URLSearchParams({ name, type, from })}`);
    if (flags.json) return printJson(terminal, answer);
    await print(terminal, parseAnswer(QueryExplanation, answer));
  });
}

async function print(terminal: Terminal, found: QueryExplanation): Promise<void> {
  await printFields(terminal, [
    ["question", printable(`${found.name} ${found.type} from ${found.from}`)],
    ["view", found.view === null ? "none" : printable(found.view)],
    ["zone", found.zone === null ? "none" : printable(found.zone)],
    ["serial", found.serial === null ? null : String(found.serial)],
    ["result", `${found.resultCode}${found.isAuthoritative ? ", authoritative" : ""}`],
  ]);
  const sections = [
    ["answer", found.answer],
    ["authority", found.authority],
    ["additional", found.additional],
    ["because", found.steps],
    ["health", found.health.map(healthLine)],
    ["changed by health, newest first", found.changes.map(({ atMs, text }) => `${formatInstant(atMs)}  ${text}`)],
  ] as const;
  for (const [title, lines] of sections) {
    if (lines.length === 0) continue;
    await write(terminal.stdout, `${title}:\n`);
    for (const line of lines) await write(terminal.stdout, `  ${printable(line)}\n`);
  }
}

function healthLine({
  name,
  type,
  data,
  service,
  state,
  isHard,
  isPublished,
  reason,
}: QueryExplanation["health"][number]) {
  const of =
    service === null ? "" : `, ${service.host}/${service.service} ${state ?? "not checked"}${isHard ? "" : " (SOFT)"}`;
  return `${isPublished ? "answered" : "kept back"}  ${name} ${type} ${data}${of}: ${reason}`;
}
