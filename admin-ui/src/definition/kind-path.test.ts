import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceKinds } from "@mycloud/protocol/resource";
import { kindTitle, pageOf, resourceOf } from "./kind-path.ts";

test("every kind of definition has a page", () => {
  assert.equal(pageOf("TimePeriod", 3), "/time-periods/3/show");
  assert.equal(pageOf("NotificationRule", 3), "/notification-rules/3");
  assert.equal(kindTitle("OnCallSchedule"), "on call schedule");
  assert.equal(new Set(resourceKinds.map(resourceOf)).size, resourceKinds.length);
});
