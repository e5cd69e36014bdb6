import { pipeline } from "node:stream/promises";
import { BackupRepositoryFilter } from "@mycloud/protocol/backup-repository";
import { ListQuery } from "@mycloud/protocol/list";
import { listRepositories } from "../backup-repository/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { Scope } from "../scope/index.ts";
import { reportHeading, reportLine } from "./format-report.ts";

const perPage = 500;

/** The report as a file; the console's page draws it from the list of repositories. */
export function createBackupReportRoutes({
  database,
  now,
}: {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
}): Route[] {
  async function* lines(scope: Scope, filter: string | undefined): AsyncGenerator<string> {
    yield reportHeading();
    for (let page = 1; ; page++) {
      const query = ListQuery.parse({ page, perPage, sort: "id", order: "ASC", ...(filter ? { filter } : {}) });
      const { data } = await listRepositories(database.db, scope, query, now());
      yield data.map(reportLine).join("");
      if (data.length < perPage) return;
    }
  }
  return [
    route({
      method: "get",
      path: "/api/v1/backup-report.csv",
      summary:
        "Every host and policy with its objectives, and whether they are kept, as CSV; filter as in the list of repositories",
      access: forViewers,
      query: ListQuery.pick({ filter: true }),
      filter: BackupRepositoryFilter,
      answerKind: "stream",
      async handle({ scope, query, response }) {
        const report = lines(scope, query.filter);
        // What is wrong with the question is told before anything is sent.
        const first = [(await report.next()).value ?? "", (await report.next()).value ?? ""];
        response.setHeader("content-type", "text/csv; charset=utf-8");
        response.setHeader("content-disposition", 'attachment; filename="backups.csv"');
        async function* all() {
          yield* first;
          yield* report;
        }
        await pipeline(all(), response).catch((error) => {
          if (!response.destroyed) throw error;
        });
      },
    }),
  ];
}
