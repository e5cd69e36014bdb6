import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { Machine, MachineFilter } from "@mycloud/protocol/machine";
import { z } from "zod";
import { forViewers, type Route, route } from "../http/route.ts";
import { findMachine, listMachines, type MachineStoreDependencies } from "./store.ts";

export type MachineRoutesDependencies = MachineStoreDependencies;

const MachineParams = z.object({ hostId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** Machines, and how their backups are. */
export function createMachineRoutes(deps: MachineRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/machines",
      summary: "List machines with their backups, and how they are in plain words",
      access: forViewers,
      query: ListQuery,
      filter: MachineFilter,
      answer: listAnswer(Machine),
      handle: ({ query, scope }) => listMachines(deps, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/machines/:hostId",
      summary: "Show a machine with its backups, and how it is in plain words",
      access: forViewers,
      params: MachineParams,
      answer: Machine,
      handle: ({ params, scope }) => findMachine(deps, scope, params.hostId),
    }),
  ];
}
