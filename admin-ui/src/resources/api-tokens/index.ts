// API tokens: access for programs.
import { lazy } from "react";

export const apiTokens = {
  list: lazy(async () => ({ default: (await import("./ApiTokenList.tsx")).ApiTokenList })),
  create: lazy(async () => ({ default: (await import("./ApiTokenCreate.tsx")).ApiTokenCreate })),
};
