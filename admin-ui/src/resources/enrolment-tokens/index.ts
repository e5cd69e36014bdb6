// Enrolment: one-time tokens with which agents join.
import { lazy } from "react";

export const enrolmentTokens = {
  list: lazy(async () => ({ default: (await import("./EnrolmentTokenList.tsx")).EnrolmentTokenList })),
  create: lazy(async () => ({ default: (await import("./EnrolmentTokenCreate.tsx")).EnrolmentTokenCreate })),
};
