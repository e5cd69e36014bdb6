// Problems: what is wrong now, unhandled first, worst first.
import { lazy } from "react";

export const problems = {
  list: lazy(async () => ({ default: (await import("./ProblemList.tsx")).ProblemList })),
};
