// The timeline: everything that happened, of all hosts or of one.
import { lazy } from "react";

export const timeline = {
  list: lazy(async () => ({ default: (await import("./TimelinePage.tsx")).TimelinePage })),
};
