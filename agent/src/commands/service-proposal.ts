import { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import { DiscoveredKind, ProposalAnswer, ProposalPhase, ServiceProposal } from "@mycloud/protocol/service-proposal";
import { Command } from "commander";
import { type ApiClient, connect, findHost, listAll, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  commandGroup,
  flagsOf,
  formatAge,
  printable,
  printJson,
  remark,
  someOf,
  type Terminal,
} from "../command-line/index.ts";
import { listCommand } from "./list-command.ts";

const path = "/api/v1/service-proposals";
/** As many as one request takes. */
const mostAtOnce = 1000;

/** `mycloud service-proposal list|approve|reject|discover`. */
export function createServiceProposalCommand(terminal: Terminal): Command {
  return commandGroup("service-proposal", "What agents found on their hosts: watch it, or do not.", [
    proposalList(terminal),
    decision(terminal, "approve", "Watch what was found: make a check of each proposal, for its host alone."),
    decision(terminal, "reject", "Do not watch it, and do not propose it again."),
    proposalDiscover(terminal),
  ]);
}

interface Choice {
  readonly host?: string;
  readonly kind?: DiscoveredKind[];
}

interface ListFlags extends Choice {
  readonly phase?: ProposalPhase[];
  readonly gone?: boolean;
}

function withChoice(command: Command): Command {
  return command
    .option("--host <HOST>", "only of this host")
    .option("--kind <KIND>", `only these kinds: ${DiscoveredKind.options.join(", ")}`, someOf(DiscoveredKind.options));
}

function filterOf({ host, kind }: Choice): Record<string, unknown> {
  return { ...(host === undefined ? {} : { hostName: host }), ...(kind === undefined ? {} : { kind }) };
}

function proposalList(terminal: Terminal): Command {
  const command = listCommand<typeof ServiceProposal, ListFlags>({
    terminal,
    summary: "List what was found and waits for a decision, or what was decided.",
    path,
    row: ServiceProposal,
    sort: { field: "hostName", order: "ASC" },
    options: (list) =>
      withChoice(list)
        .option(
          "--phase <PHASE>",
          `only these: ${ProposalPhase.options.join(", ")} (default: proposed)`,
          someOf(ProposalPhase.options),
        )
        .option("--gone", "what is not found any more, whatever was decided"),
    filter: (flags) => ({
      ...filterOf(flags),
      ...(flags.gone ? { isVanished: true } : { phase: flags.phase ?? ["proposed"] }),
      ...(flags.gone || flags.phase ? {} : { isVanished: false }),
    }),
    columns: [
      { heading: "ID", cell: (row) => String(row.id), align: "right" },
      { heading: "HOST", cell: (row) => printable(row.hostName) },
      { heading: "WHAT", cell: (row) => printable(row.title) },
      { heading: "SERVICE", cell: (row) => printable(row.check.serviceName) },
      { heading: "CHECK", cell: (row) => printable([row.check.command, ...row.check.arguments].join(" ")) },
      { heading: "FOUND", cell: (row) => formatAge(row.firstSeenAtMs, terminal.now()) },
      { heading: "PHASE", cell: (row) => (row.vanishedAtMs === null ? row.phase : `${row.phase}, gone`) },
    ],
    whenEmpty: "nothing to decide",
  });
  addExamples(command, [["mycloud service-proposal list --host web1 --kind filesystem,port", "of a host, by kind"]]);
  return command;
}

function decision(terminal: Terminal, verb: "approve" | "reject", summary: string): Command {
  const command = withChoice(
    new Command(verb).description(summary).argument("[ID...]", "numbers as list shows them; else choose by options"),
  ).option("--all", "all that wait for a decision");
  addInstanceOptions(command);
  addExamples(command, [
    [`mycloud service-proposal ${verb} 12 13`, ""],
    [`mycloud service-proposal ${verb} --host web1 --kind filesystem`, "all of this kind on a host"],
  ]);
  return command.action(async (words: string[]) => {
    const flags = flagsOf<Choice & { readonly all?: boolean }>(command);
    const isChosen = flags.all || flags.host !== undefined || flags.kind !== undefined;
    if (words.length === 0 && !isChosen) {
      throw new CommandError("usage", "which? give numbers, --host, --kind or --all");
    }
    if (words.length > 0 && isChosen) {
      throw new CommandError("usage", "give numbers, or --host, --kind and --all, not both");
    }
    const client = await connect(terminal, flags);
    const ids = words.length > 0 ? words.map(idOf) : await findWaiting(client, flags);
    const answer: ProposalAnswer = { done: [], refused: [] };
    for (let at = 0; at < ids.length; at += mostAtOnce) {
      const body = { ids: ids.slice(at, at + mostAtOnce) };
      const part = parseAnswer(ProposalAnswer, await client.request("POST", `${path}/${verb}`, { body }));
      answer.done.push(...part.done);
      answer.refused.push(...part.refused);
    }
    if (flags.json) await printJson(terminal, answer);
    else {
      await remark(terminal, `${verb === "approve" ? "approved" : "rejected"}: ${answer.done.length}`);
      for (const { id, message } of answer.refused) await remark(terminal, printable(`${id}: ${message}`));
    }
    if (answer.refused.length > 0) {
      throw new CommandError("failed", `${answer.refused.length} of ${ids.length} could not be decided`);
    }
  });
}

function idOf(word: string): number {
  if (!/^\d{1,15}$/.test(word)) throw new CommandError("usage", `"${word}" is no number of a proposal; see list`);
  return Number(word);
}

/** Numbers of what waits for a decision and is still there. */
async function findWaiting(client: ApiClient, flags: Choice): Promise<number[]> {
  const filter = { ...filterOf(flags), phase: "proposed", isVanished: false };
  const { rows } = await listAll(client, path, { limit: Number.POSITIVE_INFINITY, filter });
  return rows.map((row) => parseAnswer(ServiceProposal, row).id);
}

function proposalDiscover(terminal: Terminal): Command {
  const command = new Command("discover")
    .description("Have the agents of hosts look again: what is new is proposed, what is gone is marked.")
    .argument("<HOST...>", "names of hosts");
  addInstanceOptions(command);
  addExamples(command, [["mycloud service-proposal discover web1 web2", ""]]);
  return command.action(async (names: string[]) => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const hostIds: number[] = [];
    for (const name of names) hostIds.push((await findHost(client, name)).host.id);
    const raw = await client.request("POST", "/api/v1/discover", { body: { hostIds } });
    const answer = parseAnswer(BulkAnswer, raw);
    if (flags.json) await printJson(terminal, raw);
    else await remark(terminal, `asked: ${answer.done.length}; what they find shows in service-proposal list`);
    for (const { message } of answer.refused) await remark(terminal, printable(message));
    if (answer.refused.length > 0) {
      throw new CommandError("failed", `${answer.refused.length} of ${names.length} were not asked`);
    }
  });
}
