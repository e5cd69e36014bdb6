import { ExcludesPreview, ExcludesPreviewRequest } from "@mycloud/protocol/backup-policy";
import type { AskAgent } from "../agent-question/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError, UnavailableError } from "../error/index.ts";
import { forStaffOperators, type Route, route } from "../http/route.ts";
import type { StaffAccess } from "../staff-access/index.ts";

export interface ExcludesPreviewDependencies {
  readonly database: ConnectedDatabase;
  readonly ask: AskAgent;
  readonly staff: StaffAccess;
}

/** More than a question to an agent may be. */
const maximumBodyBytes = 640 * 1024;
/** Names of files are shown, never content: a policy is tried many times while it is written. */
const noteEveryMs = 60 * 60_000;

/** What the rules of a policy that is being written leave out. */
export function createExcludesPreviewRoutes({ database, ask, staff }: ExcludesPreviewDependencies): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/backup-policies/preview",
      summary:
        "What a backup with this content would take of a machine now, and what each of its rules leaves out: counted by its agent, for a minute at most; nothing is stored",
      access: forStaffOperators,
      body: ExcludesPreviewRequest,
      answer: ExcludesPreview,
      maximumBodyBytes,
      handle: async ({ body: { hostId, content }, actor, scope, signal }): Promise<ExcludesPreview> => {
        let query = database.db.selectFrom("host").select(["id", "name", "customer"]).where("id", "=", hostId);
        if (scope.kind === "customer") query = query.where("customer", "=", scope.customer);
        const machine = await query.executeTakeFirst();
        if (machine === undefined) throw new NotFoundError(`there is no machine ${hostId}`);
        const { head } = await ask(hostId, { kind: "excludes", content }, { signal });
        if (!("excludes" in head)) throw new UnavailableError("the machine's agent answered another question");
        await staff.note(actor, {
          customer: machine.customer,
          action: "backup-policy.preview",
          resourceKind: "host",
          resourceId: machine.id,
          resourceName: machine.name,
          detail: { paths: content.paths.slice(0, 20) },
          onceInMs: noteEveryMs,
          sameBy: JSON.stringify(content.paths),
        });
        return head.excludes;
      },
    }),
  ];
}
