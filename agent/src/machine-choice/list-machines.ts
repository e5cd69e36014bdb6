import { Machine } from "@mycloud/protocol/machine";
import { z } from "zod";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";

/** Machines that this person may see, by name. */
export async function listMachines(client: ApiClient): Promise<Machine[]> {
  const { rows } = await listAll(client, "/api/v1/machines", { limit: 10_000 });
  return parseAnswer(z.array(Machine), rows);
}
