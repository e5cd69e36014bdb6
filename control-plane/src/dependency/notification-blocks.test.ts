import assert from "node:assert/strict";
import { it } from "node:test";
import { DependencyInput } from "@mycloud/protocol/dependency";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { hostSettingsOf } from "../host/host-settings.ts";
import { createFindNotificationBlocks } from "./notification-blocks.ts";

forEachDialect((_dialect, open) => {
  it("what is wrong somewhere else is said with the master or the parents", async () => {
    const { db, ...database } = await open();
    const fixture = await ingestFixture({ db, ...database }, { hosts: 2, servicesPerHost: 2 });
    const { definitions, ids, storeBatches, now } = fixture;
    const [web1, web2] = ids as [{ hostId: number; serviceIds: number[] }, { hostId: number; serviceIds: number[] }];
    const { name, ...spec } = DependencyInput.parse({
      name: "d",
      dependent: { hosts: ["web2"], services: ["s2"] },
      masters: [{ service: "s1" }],
      notificationFailureStates: ["CRITICAL"],
    });
    const row = { kind: "Dependency", name, spec_json: JSON.stringify(spec), created_at_ms: 0, updated_at_ms: 0 };
    await db.insertInto("definition").values(row).execute();
    const settings = JSON.stringify(hostSettingsOf({ parents: ["web1"] }));
    await db.updateTable("host").set({ settings_json: settings }).where("name", "=", "web2").execute();
    definitions.forget();
    await storeBatches([
      batchOf([resultOf(web1.hostId, null, 1), ...[1, 2, 3].map(() => resultOf(web2.hostId, web2.serviceIds[0]!, 2))]),
    ]);
    const subjects = [
      { hostId: web2.hostId, serviceName: null, state: "UNREACHABLE" },
      { hostId: web2.hostId, serviceName: "s2", state: "CRITICAL" },
      { hostId: web2.hostId, serviceName: "s1", state: "CRITICAL" },
      { hostId: web1.hostId, serviceName: null, state: "DOWN" },
    ];
    const blocks = await createFindNotificationBlocks(definitions)(db, subjects, now());
    assert.deepEqual(
      subjects.map((subject) => blocks.find(subject)),
      [
        { reason: "unreachable", message: "reached through web1, which is not UP" },
        { reason: "dependency-failed", message: 'depends on web2/s1, which is CRITICAL (dependency "d")' },
        null,
        null,
      ],
    );
  });
});
