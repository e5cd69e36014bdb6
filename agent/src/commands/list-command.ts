import { Command } from "commander";
import type { z } from "zod";
import { connect, listAll, parseAnswer } from "../client/index.ts";
import {
  addInstanceOptions,
  type Column,
  flagsOf,
  type InstanceFlags,
  printJson,
  printTable,
  remark,
  type Terminal,
  wholeNumber,
} from "../command-line/index.ts";

interface ListDefinition<Row extends z.ZodType, Flags> {
  readonly terminal: Terminal;
  readonly name?: string;
  readonly summary: string;
  /** `/api/v1/hosts` */
  readonly path: string;
  readonly row: Row;
  readonly columns: readonly Column<z.output<Row>>[];
  readonly sort?: { readonly field: string; readonly order: "ASC" | "DESC" };
  /** Adds the command's own options. */
  readonly options?: (command: Command) => Command;
  readonly filter?: (flags: Flags) => Readonly<Record<string, unknown>>;
  readonly whenEmpty: string;
}

interface ListFlags extends InstanceFlags {
  readonly limit: number;
  readonly all?: boolean;
}

/** A verb that lists one kind of resource: filters of its own, --limit, --all, a table or the API's objects. */
export function listCommand<Row extends z.ZodType, Flags = object>(definition: ListDefinition<Row, Flags>): Command {
  const { terminal } = definition;
  const command = new Command(definition.name ?? "list").description(definition.summary);
  definition.options?.(command);
  command
    .option("--limit <N>", "show at most N", wholeNumber(1, 1_000_000), 200)
    .option("--all", "show all, whatever their number");
  addInstanceOptions(command);
  return command.action(async () => {
    const flags = flagsOf<Flags & ListFlags>(command);
    const client = await connect(terminal, flags);
    const limit = flags.all ? Number.POSITIVE_INFINITY : flags.limit;
    const { rows, total } = await listAll(client, definition.path, {
      limit,
      filter: definition.filter?.(flags) ?? {},
      ...(definition.sort ? { sort: definition.sort.field, order: definition.sort.order } : {}),
    });
    if (flags.json) await printJson(terminal, rows);
    else {
      const parsed = rows.map((row) => parseAnswer(definition.row, row));
      await printTable(terminal, definition.columns, parsed, definition.whenEmpty);
    }
    if (rows.length < total) await remark(terminal, `showing ${rows.length} of ${total}; --all shows all`);
  });
}
