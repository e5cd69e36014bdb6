import { Rrset, type RrsetRecord, ZoneChangeAnswer, type ZoneChangeRequestInput } from "@mycloud/protocol/dns-zone";
import { Command } from "commander";
import { connect, listAll, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  commandGroup,
  flagsOf,
  printable,
  printJson,
  printTable,
  remark,
  type Terminal,
  wholeNumber,
} from "../../command-line/index.ts";
import { carryOut, getOrNull, zonePath } from "./carry-out.ts";
import { addChangeOptions, type ChangeFlags } from "./zone-command.ts";

/** `mycloud dns record list|set|delete`. */
export function createRecordCommand(terminal: Terminal): Command {
  return commandGroup("record", "Records of a zone.", [list(terminal), set(terminal), remove(terminal)]);
}

const zoneArgument = ["<ZONE>", "its name, NAME@VIEW, or number"] as const;

interface ListFlags {
  readonly name?: string;
  readonly below?: string;
  readonly type?: string;
  readonly owner?: string;
  readonly limit: number;
  readonly all?: boolean;
}

function list(terminal: Terminal): Command {
  const command = new Command("list")
    .description("List the records of a zone.")
    .argument(...zoneArgument)
    .option("--name <NAME>", "of this name; @ is the zone's own")
    .option("--below <NAME>", "of this name and below")
    .option("--type <TYPE>", "of this type")
    .option("--owner <TEXT>", "of this owner")
    .option("--limit <N>", "show at most N RRsets", wholeNumber(1, 1_000_000), 200)
    .option("--all", "show all, whatever their number");
  addInstanceOptions(command);
  return command.action(async (zone: string) => {
    const flags = flagsOf<ListFlags>(command);
    const client = await connect(terminal, flags);
    const { name, below, type, owner } = flags;
    const wanted = Object.entries({ name, below, type, owner }).filter(([, value]) => value !== undefined);
    const limit = flags.all ? Number.POSITIVE_INFINITY : flags.limit;
    const { rows, total } = await listAll(client, zonePath(zone, "rrsets"), {
      limit,
      filter: Object.fromEntries(wanted),
    });
    if (flags.json) await printJson(terminal, rows);
    else {
      const records = rows
        .map((row) => parseAnswer(Rrset, row))
        .flatMap((rrset) => rrset.records.map((record) => ({ rrset, record })));
      await printTable(
        terminal,
        [
          { heading: "NAME", cell: ({ rrset }) => printable(rrset.name) },
          { heading: "TTL", cell: ({ rrset }) => String(rrset.ttlSeconds ?? "-"), align: "right" },
          { heading: "TYPE", cell: ({ rrset }) => rrset.type },
          { heading: "DATA", cell: ({ record }) => printable(record.data) },
          { heading: "STATE", cell: ({ rrset, record }) => stateOf(rrset, record) },
          { heading: "OWNER", cell: ({ rrset }) => printable(rrset.owner) },
          { heading: "COMMENT", cell: ({ rrset }) => printable(rrset.comment) },
        ],
        records,
        "no record",
      );
    }
    if (rows.length < total) await remark(terminal, `showing ${rows.length} of ${total} RRsets; --all shows all`);
  });
}

/** Whether a record that follows a service is published at present. */
function stateOf({ published }: Rrset, { data, service }: RrsetRecord): string {
  if (published !== null && !published.includes(data)) return "out";
  return service === undefined ? "" : "in";
}

interface SetFlags extends ChangeFlags {
  readonly ttl?: number;
  readonly owner?: string;
  readonly comment?: string;
}

function set(terminal: Terminal): Command {
  const command = new Command("set")
    .description("Make the records of a name and type these, and no others.")
    .argument(...zoneArgument)
    .argument("<NAME>", "relative to the zone; @ is the zone's own")
    .argument("<TYPE>", "A, MX, TXT, ...")
    .argument("<DATA...>", "a record each, as zone files write it: '10 mail', 192.0.2.1")
    .option("--ttl <SECONDS>", "default: as it is, else the zone's", wholeNumber(0, 2_147_483_647))
    .option("--owner <TEXT>", "who to ask about it")
    .option("--comment <TEXT>", "what it is for");
  addChangeOptions(command);
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud dns record set example.org www A 192.0.2.1 192.0.2.2", ""],
    ["mycloud dns record set example.org @ MX '10 mail' --ttl 300 -m 'new mail server'", ""],
    ["mycloud dns record set example.org @ TXT '\"v=spf1 mx -all\"'", "texts with spaces are in quotation marks"],
  ]);
  return command.action(async (zone: string, name: string, type: string, data: string[]) => {
    const flags = flagsOf<SetFlags>(command);
    const client = await connect(terminal, flags);
    const found = await getOrNull(client, zonePath(zone, "rrsets", name, type));
    const present = found === null ? null : parseAnswer(Rrset, found);
    const change: ZoneChangeRequestInput["changes"][number] = {
      action: "set",
      rrset: {
        ...{ name, type, records: data.map((each) => knownRecord(present, each)) },
        ttlSeconds: flags.ttl ?? present?.ttlSeconds ?? null,
        minimumAnswers: present?.minimumAnswers ?? 1,
        answers: present?.answers ?? null,
        owner: flags.owner ?? present?.owner ?? "",
        comment: flags.comment ?? present?.comment ?? "",
      },
      expectedRevision: present?.revision ?? null,
    };
    await send(terminal, client, zone, change, flags);
  });
}

/** What follows a service goes on to do so. */
function knownRecord(present: Rrset | null, data: string): RrsetRecord {
  return present?.records.find((record) => record.data === data) ?? { data };
}

function remove(terminal: Terminal): Command {
  const command = new Command("delete")
    .description("Delete the records of a name and type.")
    .argument(...zoneArgument)
    .argument("<NAME>", "relative to the zone; @ is the zone's own")
    .argument("<TYPE>", "A, MX, TXT, ...");
  addChangeOptions(command);
  addInstanceOptions(command);
  return command.action(async (zone: string, name: string, type: string) => {
    const flags = flagsOf<ChangeFlags>(command);
    const client = await connect(terminal, flags);
    if ((await getOrNull(client, zonePath(zone, "rrsets", name, type))) === null) {
      throw new CommandError("notFound", `there is no zone ${zone}, or it has no ${name} ${type}`);
    }
    await send(terminal, client, zone, { action: "delete", name, type }, flags);
  });
}

async function send(
  terminal: Terminal,
  client: Awaited<ReturnType<typeof connect>>,
  zone: string,
  change: ZoneChangeRequestInput["changes"][number],
  flags: ChangeFlags,
): Promise<void> {
  await carryOut(terminal, flags, ZoneChangeAnswer, async (preview, headers) => {
    const body: ZoneChangeRequestInput = { changes: [change], comment: flags.message ?? "", preview };
    return await client.request("POST", zonePath(zone, "changes"), { body, headers });
  });
}
