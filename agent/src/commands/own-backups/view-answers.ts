import { LinesEnd } from "@mycloud/protocol/snapshot-view";
import type { z } from "zod";
import { type ApiClient, type ApiRequest, parseAnswer, parseJson, refusal } from "../../client/index.ts";
import { CommandError, type Terminal } from "../../command-line/index.ts";
import { type MachineFlags, openPlace, type Place } from "../../machine-choice/index.ts";
import { listSnapshots, type Standpoint } from "../../snapshot-choice/index.ts";
import { whileWaiting } from "../run-following/index.ts";

/** A place with its snapshots (oldest first), and where a relative path counts from. */
export interface Opened extends Place {
  readonly snapshots: Awaited<ReturnType<typeof listSnapshots>>;
  readonly standpoint: Standpoint;
}

/** Finds machine and repository and lists its snapshots. Throws CommandError, for a private repository of a machine that is away in plain words. */
export async function openBackups(terminal: Terminal, flags: MachineFlags): Promise<Opened> {
  const place = await openPlace(terminal, flags);
  const { machine, isHere } = place;
  const snapshots = await whileWaiting(terminal, "asking for snapshots", () =>
    listSnapshots(place, terminal.signal).catch((error: unknown) => {
      // Before the first backup there is nothing on the storage server that could be opened.
      if (place.repository.lastSnapshotAtMs !== null || !(error instanceof CommandError)) throw error;
      return [];
    }),
  );
  const standpoint = { workingDirectory: terminal.workingDirectory, isHere, hostName: machine.hostName };
  return { ...place, snapshots, standpoint };
}

/** `/api/v1/backup-repositories/7/snapshots/<id>/` */
export function snapshotPathOf({ repository }: Pick<Place, "repository">, snapshotId: string): string {
  return `/api/v1/backup-repositories/${repository.id}/snapshots/${snapshotId}`;
}

/** Reads an answer of lines, one JSON each, as they come; answers whether there was more than the limit. Throws CommandError. */
export async function readLines<Schema extends z.ZodType>(
  client: ApiClient,
  path: string,
  request: ApiRequest,
  line: Schema,
  onLine: (value: z.output<Schema>) => void | Promise<void>,
): Promise<{ readonly isTruncated: boolean }> {
  const response = await client.open(path, { ...request, headers: { accept: "application/x-ndjson" } });
  let rest = "";
  let end: LinesEnd | undefined;
  const take = async (text: string) => {
    if (text.trim() === "") return;
    const value = parseJson(text);
    const last = LinesEnd.safeParse(value);
    if (last.success) end = last.data;
    else if (typeof value === "object" && value !== null && "error" in value) throw refusal(client.instance, 500, text);
    else await onLine(parseAnswer(line, value));
  };
  try {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = `${rest}${piece}`.split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) await take(text);
    }
  } catch (error) {
    if (error instanceof CommandError || request.signal?.aborted) throw error;
    throw new CommandError("unavailable", "the connection to the control plane was lost", { cause: error });
  }
  await take(rest);
  // What ends without its last line was cut off on the way, and must not pass for the whole.
  if (end === undefined) throw new CommandError("unavailable", "the control plane's answer was cut off; try again");
  return { isTruncated: end.end.isTruncated };
}
