import { Host } from "@mycloud/protocol/host";
import { Service } from "@mycloud/protocol/service";
import { z } from "zod";
import { CommandError } from "../command-line/index.ts";
import type { ApiClient } from "./api-client.ts";
import { listAll, parseAnswer } from "./list-all.ts";

/** The host of this name, as the API has it. Throws CommandError when there is none. */
export async function findHost(client: ApiClient, name: string): Promise<{ raw: unknown; host: Host }> {
  const { rows } = await listAll(client, "/api/v1/hosts", { filter: { name }, limit: 1000 });
  const raw = rows.find((row) => isNamed(row, name));
  if (raw === undefined) throw new CommandError("notFound", `no host is named "${name}"; mycloud host list shows them`);
  return { raw, host: parseAnswer(Host, raw) };
}

/** The service of this name on this host. Throws CommandError when there is none. */
export async function findService(
  client: ApiClient,
  hostName: string,
  serviceName: string,
): Promise<{ raw: unknown; service: Service }> {
  const filter = { hostName, name: serviceName };
  const { rows } = await listAll(client, "/api/v1/services", { filter, limit: 1000 });
  const raw = rows.find((row) => isNamed(row, serviceName) && isOn(row, hostName));
  if (raw === undefined) {
    const hint = `mycloud service list --host ${hostName} shows them`;
    throw new CommandError("notFound", `no service "${serviceName}" on host "${hostName}"; ${hint}`);
  }
  return { raw, service: parseAnswer(Service, raw) };
}

const Named = z.object({ name: z.string() });
const OnHost = z.object({ hostName: z.string() });

function isNamed(row: unknown, name: string): boolean {
  return Named.safeParse(row).data?.name === name;
}

function isOn(row: unknown, hostName: string): boolean {
  return OnHost.safeParse(row).data?.hostName === hostName;
}
