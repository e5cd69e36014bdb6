import { z } from "zod";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";
import type { ObservedState } from "./observed-state.ts";

const Row = z.object({
  name: z.string(),
  hostName: z.string().optional(),
  state: z.string(),
  stateType: z.enum(["SOFT", "HARD"]),
  isAcknowledged: z.boolean(),
  isInDowntime: z.boolean(),
  isFlapping: z.boolean(),
});

/** The state of every host and service here, over the API. Throws CommandError. */
export async function readOwnStates(client: ApiClient): Promise<ObservedState[]> {
  const all = { limit: Number.POSITIVE_INFINITY, sort: "id" };
  const [hosts, services] = [
    await listAll(client, "/api/v1/hosts", all),
    await listAll(client, "/api/v1/services", all),
  ];
  return [...hosts.rows, ...services.rows].map((raw) => {
    const { name, hostName, state, stateType, isAcknowledged, isInDowntime, isFlapping } = parseAnswer(Row, raw);
    const where = hostName === undefined ? { host: name, service: null } : { host: hostName, service: name };
    return {
      ...where,
      state,
      stateType: state === "PENDING" ? "HARD" : stateType,
      isAcknowledged,
      isInDowntime,
      isFlapping,
    };
  });
}
