import assert from "node:assert/strict";
import { it } from "node:test";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { hostSettingsOf } from "../host/host-settings.ts";
import { findProblemRoots } from "./problem-roots.ts";
import { listProblems } from "./store.ts";

forEachDialect((_dialect, open) => {
  it("problems are grouped under their root, which has the highest business impact of them", async () => {
    const database = await open();
    const fixture = await ingestFixture(database, { hosts: 3, servicesPerHost: 2, maxCheckAttempts: 1 });
    const { definitions, ids, storeBatches, now } = fixture;
    const configure = async (name: string, settings: object) => {
      const json = JSON.stringify(hostSettingsOf(settings));
      await database.db.updateTable("host").set({ settings_json: json }).where("name", "=", name).execute();
    };
    await configure("web1", { businessImpact: 1 });
    await configure("web2", { businessImpact: 4, parents: ["web1"] });
    definitions.forget();
    const [web1, web2, web3] = ids.map(({ hostId, serviceIds }) => ({ hostId, service: serviceIds[0]! }));
    await storeBatches([
      batchOf([
        resultOf(web3!.hostId, web3!.service, 2),
        resultOf(web1!.hostId, null, 1),
        resultOf(web2!.hostId, null, 1),
        resultOf(web2!.hostId, web2!.service, 2),
      ]),
    ]);
    const findRuleLeaves = () => ({ hostIds: [], serviceIds: [] });
    const roots = await findProblemRoots({ database, definitions, findRuleLeaves, now });
    const list = async (filter: object, sort?: string) => {
      const query = {
        page: 1,
        perPage: 10,
        order: "ASC" as const,
        filter: JSON.stringify(filter),
        ...(sort ? { sort } : {}),
      };
      const answer = await listProblems(database.db, database.dialect, { kind: "all" }, query, now(), roots);
      assert.equal(answer.total, answer.data.length);
      return answer.data.map(
        ({ hostName, serviceName, businessImpact, rootProblem, impactCount }) =>
          `${hostName}${serviceName ? `/${serviceName}` : ""} ${businessImpact} ${rootProblem?.hostName ?? "-"} ${impactCount}`,
      );
    };
    assert.deepEqual(await list({}), ["web1 4 - 2", "web2 4 web1 0", "web3/s1 2 - 0", "web2/s1 2 web1 0"]);
    assert.deepEqual(await list({ groupByRoot: true }), ["web1 4 - 2", "web3/s1 2 - 0"]);
    assert.deepEqual(await list({ rootKey: `host-${web1!.hostId}` }), ["web2 4 web1 0", "web2/s1 2 web1 0"]);
    assert.deepEqual(await list({ businessImpact: [2] }), ["web3/s1 2 - 0", "web2/s1 2 web1 0"]);
    assert.deepEqual((await list({}, "impactCount")).at(-1), "web1 4 - 2");
  });
});
