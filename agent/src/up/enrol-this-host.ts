import { hostname } from "node:os";
import { EnrolmentTokenCreated, type EnrolmentTokenInput } from "@mycloud/protocol/enrolment-token";
import { Host } from "@mycloud/protocol/host";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";
import { CommandError } from "../command-line/index.ts";
import { type AgentIdentity, readIdentity } from "../identity/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import { type RoleContext, startAgentRole } from "./roles.ts";

/** What the control plane knows of the identity this host has. */
export type KnownAgent = "none" | "known" | "revoked" | "unknown" | "unknown-in-empty-inventory";

/** Whether to enrol, and what to tell the person. Pure. */
export function planEnrolment(known: KnownAgent): { readonly enrol: "no" | "yes" | "anew"; readonly remark?: string } {
  switch (known) {
    case "none":
      return { enrol: "yes" };
    case "known":
      return { enrol: "no" };
    case "unknown-in-empty-inventory":
      return { enrol: "anew", remark: "the database is new; enrolling this host anew" };
    case "revoked":
      return { enrol: "no", remark: `this host's agent was revoked; to let it in again: ${reEnrol}` };
    case "unknown":
      return {
        enrol: "no",
        remark: `the control plane does not know this host's agent (deleted?); to let it in again: ${reEnrol}`,
      };
  }
}

const reEnrol = "mycloud enrolment create, then type the command it prints with --force";

/** Makes this host known to the control plane unless it is; returns what to tell the person. Throws CommandError. */
export async function enrolThisHost(context: RoleContext, client: ApiClient, url: string): Promise<string | undefined> {
  const identity = await readIdentity(agentPaths(context.settings.stateDir)).catch((error: unknown) => {
    throw new CommandError("configuration", error instanceof Error ? error.message : String(error));
  });
  const plan = planEnrolment(await whatIsKnown(client, identity));
  if (plan.enrol === "no") return plan.remark;
  const body: EnrolmentTokenInput = { hostName: null, customer: null, labels: {}, groups: [], lifetimeSeconds: 600 };
  const created = parseAnswer(
    EnrolmentTokenCreated,
    await client.request("POST", "/api/v1/enrolment-tokens", { body }),
  );
  const lines: string[] = [];
  const args = ["enrol", "--server", url, "--state-dir", context.settings.stateDir, "--host-name", hostname()];
  const child = startAgentRole(
    context,
    plan.enrol === "anew" ? [...args, "--force"] : args,
    // Not an argument: those can be read by every user of the machine.
    { MYCLOUD_ENROLMENT_TOKEN: created.token },
    (line) => lines.push(line),
  );
  const { code } = await child.ended;
  if (code === 0) return plan.remark;
  const words = lines.findLast((line) => line.startsWith("mycloud: "))?.slice("mycloud: ".length) ?? lines.join(" ");
  throw new CommandError(
    "failed",
    `this host could not be enrolled: ${words}`,
    code === null ? {} : { exitCode: code },
  );
}

async function whatIsKnown(client: ApiClient, identity: AgentIdentity | undefined): Promise<KnownAgent> {
  if (identity === undefined) return "none";
  const { rows, total } = await listAll(client, "/api/v1/hosts", { filter: { id: identity.hostId }, limit: 1 });
  if (total > 0) {
    const { agent } = parseAnswer(Host, rows[0]);
    if (agent?.id !== identity.agentId) return "unknown";
    return agent.isRevoked ? "revoked" : "known";
  }
  const all = await listAll(client, "/api/v1/hosts", { limit: 1 });
  return all.total === 0 ? "unknown-in-empty-inventory" : "unknown";
}
