import { readFile, writeFile } from "node:fs/promises";
import { Zone, ZoneChangeAnswer, ZoneFinding, ZoneHistoryEntry, ZoneImportAnswer } from "@mycloud/protocol/dns-zone";
import { Command } from "commander";
import { z } from "zod";
import { connect, listAll, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  collect,
  commandGroup,
  flagsOf,
  formatInstant,
  printable,
  printFields,
  printJson,
  printTable,
  remark,
  type Terminal,
  wholeNumber,
  write,
} from "../../command-line/index.ts";
import { confirm } from "../confirm.ts";
import { listCommand } from "../list-command.ts";
import { type CarryOutFlags, carryOut, zonePath } from "./carry-out.ts";
import { describeDifference, describeFinding } from "./describe-change.ts";

/** `mycloud dns zone list|show|create|import|export|diff|history|undo|delete`. */
export function createZoneCommand(terminal: Terminal): Command {
  return commandGroup("zone", "Zones: their records as files, their history.", [
    list(terminal),
    show(terminal),
    create(terminal),
    importFile(terminal),
    exportFile(terminal),
    diff(terminal),
    history(terminal),
    undo(terminal),
    remove(terminal),
  ]);
}

const zoneArgument = ["<ZONE>", "its name, NAME@VIEW, or number"] as const;

/** `--dry-run`, `--yes` and the comment that the history keeps. */
export function addChangeOptions(command: Command): Command {
  return command
    .option("-m, --message <TEXT>", "why; the history keeps it")
    .option("--dry-run", "show what would change, and change nothing")
    .option("-y, --yes", "do not ask");
}

export interface ChangeFlags extends CarryOutFlags {
  readonly message?: string;
}

function list(terminal: Terminal): Command {
  return listCommand<typeof Zone, { customer?: string; view?: string }>({
    terminal,
    summary: "List zones.",
    path: "/api/v1/dns/zones",
    row: Zone,
    sort: { field: "name", order: "ASC" },
    whenEmpty: "no zone",
    options: (command) =>
      command.option("--customer <NAME>", "of this customer").option("--view <NAME>", "of this view"),
    filter: ({ customer, view }) => ({ ...(customer ? { customer } : {}), ...(view ? { view } : {}) }),
    columns: [
      { heading: "ZONE", cell: ({ name }) => printable(name) },
      { heading: "VIEW", cell: ({ view }) => printable(view ?? "-") },
      { heading: "KIND", cell: ({ kind }) => kind },
      { heading: "SERIAL", cell: ({ serial }) => (serial === null ? "-" : String(serial)), align: "right" },
      { heading: "RECORDS", cell: ({ recordCount }) => String(recordCount), align: "right" },
      { heading: "CUSTOMER", cell: ({ customer }) => customer ?? "-" },
      { heading: "CHANGED", cell: ({ changedAtMs }) => formatInstant(changedAtMs) },
    ],
  });
}

function show(terminal: Terminal): Command {
  const command = new Command("show")
    .description("Show a zone, and what is wrong with it or odd.")
    .argument(...zoneArgument);
  addInstanceOptions(command);
  return command.action(async (name: string) => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const answer = await client.request("GET", zonePath(name));
    const findings = await client.request("GET", zonePath(name, "findings"));
    if (flags.json) return printJson(terminal, { ...Object(answer), findings: Object(findings).data });
    const zone = parseAnswer(Zone, answer);
    const { authority } = zone;
    await printFields(terminal, [
      ["zone", printable(zone.name)],
      ["view", zone.view],
      ["kind", zone.kind],
      ["serial", zone.serial === null ? null : `${zone.serial} (${zone.serialForm})`],
      ["revision", String(zone.revision)],
      ["records", `${zone.recordCount} in ${zone.rrsetCount} RRsets`],
      ["default TTL", `${zone.defaultTtlSeconds} s`],
      ["primary name server", authority.primaryNameServer],
      ["hostmaster", authority.hostmaster],
      ["customer", zone.customer],
      ["comment", printable(zone.comment)],
      ["changed", formatInstant(zone.changedAtMs)],
    ]);
    const { data } = parseAnswer(z.object({ data: z.array(ZoneFinding) }), findings);
    for (const finding of data) await write(terminal.stdout, `${describeFinding(finding)}\n`);
  });
}

interface CreateFlags {
  readonly nameServer?: string[];
  readonly customer?: string;
  readonly view?: string;
  readonly primary?: string[];
  readonly ttl?: number;
}

function create(terminal: Terminal): Command {
  const command = new Command("create")
    .description("Create a zone with its name servers, or one that is fetched from other servers (--primary).")
    .argument("<NAME>", "example.org")
    .option(
      "--name-server <NAME>",
      "a name server of it; repeatable. Default: as the settings of name servers say",
      collect,
    )
    .option("--primary <ADDRESS>", "makes it a secondary zone, fetched from there; repeatable", collect)
    .option("--customer <NAME>", "its people may see and edit its records")
    .option("--view <NAME>", "for the clients of this view alone")
    .option("--ttl <SECONDS>", "of records that say none", wholeNumber(0, 2_147_483_647));
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud dns zone create example.org --name-server ns1.example.org --name-server ns2.example.net", ""],
  ]);
  return command.action(async (name: string) => {
    const flags = flagsOf<CreateFlags>(command);
    const client = await connect(terminal, flags);
    const primaries = (flags.primary ?? []).map((address) => ({ address }));
    const body = {
      name,
      nameServers: flags.nameServer ?? [],
      ...(primaries.length === 0 ? {} : { kind: "secondary", primaries }),
      ...(flags.customer === undefined ? {} : { customer: flags.customer }),
      ...(flags.view === undefined ? {} : { view: flags.view }),
      ...(flags.ttl === undefined ? {} : { defaultTtlSeconds: flags.ttl }),
    };
    const answer = await client.request("POST", "/api/v1/dns/zones", { body });
    if (flags.json) return printJson(terminal, answer);
    const zone = parseAnswer(Zone, answer);
    await remark(terminal, `zone ${zone.name} is made${zone.serial === null ? "" : `; serial ${zone.serial}`}`);
  });
}

function importFile(terminal: Terminal): Command {
  const command = new Command("import")
    .description(
      "Take the records of a zone file over: those of its names and types replace what is there. " +
        "A zone that does not exist is made of the file: with its SOA record's timers, hostmaster and primary name " +
        "server, a serial after its, and its NS records.",
    )
    .argument(...zoneArgument)
    .argument("<FILE>", "a zone file (RFC 1035); - reads standard input")
    .option("--replace", "what the file does not have goes, and its SOA record counts");
  addChangeOptions(command);
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud dns zone import example.org db.example.org --replace --dry-run", "shows what would change"],
    ["mycloud dns zone import example.net db.example.net", "moves a zone here that is served elsewhere"],
  ]);
  return command.action(async (zone: string, file: string) => {
    const flags = flagsOf<ChangeFlags & { replace?: boolean }>(command);
    const mode = flags.replace ? "replace" : "merge";
    await sendFile(terminal, { ...flags, zone, file, mode, create: "true" });
  });
}

function diff(terminal: Terminal): Command {
  const command = new Command("diff")
    .description("Show in which records a zone file differs from a zone.")
    .argument(...zoneArgument)
    .argument("<FILE>", "a zone file; - reads standard input");
  addInstanceOptions(command);
  return command.action(async (zone: string, file: string) => {
    await sendFile(terminal, { ...flagsOf(command), zone, file, mode: "replace", dryRun: true });
  });
}

async function sendFile(
  terminal: Terminal,
  order: ChangeFlags & Parameters<typeof connect>[1] & { zone: string; file: string; mode: string; create?: string },
): Promise<void> {
  const text = await readText(terminal, order.file);
  const client = await connect(terminal, order);
  const path = zonePath(order.zone, "import");
  await carryOut(terminal, order, ZoneImportAnswer, async (isPreview, headers) => {
    const query = { mode: order.mode, preview: String(isPreview), comment: order.message, create: order.create };
    return await client.request("POST", path, {
      query,
      body: text,
      headers: { ...headers, "content-type": "text/dns" },
    });
  });
}

async function readText(terminal: Terminal, file: string): Promise<string> {
  if (file === "-") {
    const pieces: Buffer[] = [];
    for await (const piece of terminal.stdin) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces).toString("utf8");
  }
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError("notFound", `cannot read ${file}: ${why}`, { cause: error });
  }
}

function exportFile(terminal: Terminal): Command {
  const command = new Command("export")
    .description("Write a zone as a zone file (RFC 1035).")
    .argument(...zoneArgument)
    .option("-o, --output <FILE>", "write it there; default: standard output");
  addInstanceOptions(command);
  return command.action(async (zone: string) => {
    const flags = flagsOf<{ output?: string }>(command);
    const client = await connect(terminal, flags);
    const response = await client.open(zonePath(zone, "export"), { signal: terminal.signal });
    const text = await response.text();
    if (flags.output !== undefined) await writeFile(flags.output, text);
    else if (flags.json) await printJson(terminal, { zone, file: text });
    else await write(terminal.stdout, text);
  });
}

function history(terminal: Terminal): Command {
  const command = new Command("history")
    .description("Show what was changed in a zone, by whom and why; newest first.")
    .argument(...zoneArgument)
    .option("--name <NAME>", "changes of this name")
    .option("--limit <N>", "show at most N", wholeNumber(1, 10_000), 20)
    .option("-p, --patch", "show the records that went and came");
  addInstanceOptions(command);
  return command.action(async (zone: string) => {
    const flags = flagsOf<{ name?: string; limit: number; patch?: boolean }>(command);
    const client = await connect(terminal, flags);
    const filter = flags.name === undefined ? {} : { name: flags.name };
    const { rows } = await listAll(client, zonePath(zone, "changes"), { limit: flags.limit, filter });
    if (flags.json) return printJson(terminal, rows);
    const entries = rows.map((row) => parseAnswer(ZoneHistoryEntry, row));
    if (flags.patch) {
      for (const entry of entries) {
        const head = `change ${entry.id}, ${formatInstant(entry.atMs)}, ${entry.author}: ${entry.comment}`;
        const lines = entry.differences.flatMap(describeDifference);
        await write(terminal.stdout, `${[printable(head), ...lines].join("\n")}\n\n`);
      }
      return;
    }
    await printTable(
      terminal,
      [
        { heading: "CHANGE", cell: ({ id }) => String(id), align: "right" },
        { heading: "WHEN", cell: ({ atMs }) => formatInstant(atMs) },
        { heading: "WHO", cell: ({ author }) => printable(author) },
        { heading: "BY", cell: ({ source }) => source },
        { heading: "RRSETS", cell: ({ differenceCount }) => String(differenceCount), align: "right" },
        { heading: "SERIAL", cell: ({ serial }) => String(serial), align: "right" },
        { heading: "WHY", cell: ({ comment }) => printable(comment) },
      ],
      entries,
      "no change",
    );
  });
}

function undo(terminal: Terminal): Command {
  const command = new Command("undo")
    .description("Undo a change; refused when what it changed was changed since.")
    .argument(...zoneArgument)
    .argument("<CHANGE>", "its number, as mycloud dns zone history shows it", wholeNumber(1, Number.MAX_SAFE_INTEGER));
  addChangeOptions(command);
  addInstanceOptions(command);
  return command.action(async (zone: string, revision: number) => {
    const flags = flagsOf<ChangeFlags>(command);
    const client = await connect(terminal, flags);
    await carryOut(terminal, flags, ZoneChangeAnswer, async (preview, headers) => {
      const body = { preview, comment: flags.message ?? "" };
      return await client.request("POST", zonePath(zone, "changes", String(revision), "undo"), { body, headers });
    });
  });
}

function remove(terminal: Terminal): Command {
  const command = new Command("delete")
    .description("Delete a zone with its records and history: name servers stop answering for it.")
    .argument(...zoneArgument)
    .option("--dry-run", "show what would go")
    .option("-y, --yes", "do not ask");
  addInstanceOptions(command);
  return command.action(async (name: string) => {
    const flags = flagsOf<CarryOutFlags>(command);
    const client = await connect(terminal, flags);
    const zone = parseAnswer(Zone, await client.request("GET", zonePath(name)));
    const what = `${zone.name}${zone.view === null ? "" : ` (view ${zone.view})`} with ${zone.recordCount} records`;
    if (flags.dryRun) return remark(terminal, `would delete ${what}`);
    if (!flags.yes && !(await confirm(terminal, `delete ${what} and its history?`))) {
      return remark(terminal, "nothing was deleted");
    }
    const answer = await client.request("DELETE", zonePath(String(zone.id)), {
      headers: { "if-match": `"${zone.revision}"` },
    });
    if (flags.json) return printJson(terminal, { deleted: answer });
    await remark(terminal, `${what} is deleted`);
  });
}
