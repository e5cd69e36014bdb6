// Checks: what to run, on which hosts, how often.
import type { Check } from "@mycloud/protocol/check";
import { lazy } from "react";

export const checks = {
  list: lazy(async () => ({ default: (await import("./CheckList.tsx")).CheckList })),
  edit: lazy(async () => ({ default: (await import("./CheckEdit.tsx")).CheckEdit })),
  create: lazy(async () => ({ default: (await import("./CheckCreate.tsx")).CheckCreate })),
  recordRepresentation: (check: Check) => check.name,
};
