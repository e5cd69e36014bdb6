import { ZoneFeedLine } from "@mycloud/protocol/name-server";
import type { DomainName } from "../name/index.ts";
import type { ResourceRecord } from "../record/index.ts";
import { stepOf, type ZoneStep } from "../zone/index.ts";
import { parseZoneFile } from "../zone-file/index.ts";
import { Turns, ZoneFramer, type ZoneId } from "../zone-store/index.ts";

/** What a feed brought: the zone, or the steps to it. */
export type ZoneFeed =
  | { readonly kind: "zone"; readonly serial: number; readonly framer: ZoneFramer }
  | { readonly kind: "steps"; readonly serial: number; readonly steps: readonly ZoneStep[] };

/** A feed that is none, or was cut. */
export class ZoneFeedError extends Error {
  override readonly name = "ZoneFeedError";
}

/** Reads the lines of GET /api/v1/name-server/zones/NAME. Rejects with ZoneFeedError, also where the last line is missing, and with ZoneError. */
export async function readZoneFeed(id: ZoneId, lines: AsyncIterable<string>): Promise<ZoneFeed> {
  const { apex } = id;
  const framer = new ZoneFramer(id);
  const turns = new Turns();
  const steps: ZoneStep[] = [];
  let kind: "zone" | "steps" | undefined;
  for await (const line of lines) {
    if (turns.areOver) await turns.next();
    const entry = readLine(line);
    switch (entry.kind) {
      case "zone":
      case "steps":
        kind = entry.kind;
        break;
      case "records":
        for (const record of parseRecords(apex, entry.records)) framer.add(record);
        break;
      case "step":
        steps.push(readStep(apex, entry.removed, entry.added));
        break;
      case "end":
        if (kind === undefined) throw new ZoneFeedError("the feed does not say what follows");
        return kind === "zone" ? { kind, serial: entry.serial, framer } : { kind, serial: entry.serial, steps };
    }
  }
  throw new ZoneFeedError("the feed was cut: its last line is missing");
}

function readLine(line: string): ZoneFeedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new ZoneFeedError("a line of the feed is no JSON", { cause: error });
  }
  const parsed = ZoneFeedLine.safeParse(value);
  if (!parsed.success) throw new ZoneFeedError(`a line of the feed is not what it should be: ${parsed.error.message}`);
  return parsed.data;
}

function readStep(apex: DomainName, removed: readonly string[], added: readonly string[]): ZoneStep {
  const step = stepOf({ removed: parseRecords(apex, removed), added: parseRecords(apex, added) });
  if (step === undefined) throw new ZoneFeedError("a step of the feed does not change the SOA record");
  return step;
}

/** Records in presentation form, names absolute. Throws ZoneFeedError. */
function parseRecords(apex: DomainName, texts: readonly string[]): ResourceRecord[] {
  const octets = Buffer.from(`${texts.join("\n")}\n`, "utf8").toString("latin1");
  const records = [
    ...parseZoneFile(octets, {
      origin: apex,
      onFault: ({ line, message }) => {
        throw new ZoneFeedError(`the record ${texts[line - 1] ?? ""} cannot be read: ${message}`);
      },
    }),
  ];
  if (records.length !== texts.length)
    throw new ZoneFeedError(`${texts.length} records were read as ${records.length}`);
  return records;
}
